from dataclasses import fields

import pytest

from banish.compat import values
from banish.core.config import Growth, JailConfig, ServerConfig, UseDns
from banish.core.settings import JAIL, SERVER, Kind, Setting

NOT_SETTINGS = {"name", "scopes", "scripts"}
READABLE = [*JAIL.values(), *SERVER.values()]
IN_CONTEXT = {Kind.RULE, Kind.RULES, Kind.FILTER, Kind.ACTIONS}


def test_every_field_of_a_jail_has_its_setting() -> None:
    told = {setting.field for setting in JAIL.values() if setting.field}
    assert {field.name for field in fields(JailConfig)} - NOT_SETTINGS == {
        name for name in told if "." not in name
    }
    assert {f"growth.{field.name}" for field in fields(Growth)} == {name for name in told if "." in name}


def test_every_field_of_the_server_has_its_setting() -> None:
    assert {field.name for field in fields(ServerConfig)} == {setting.field for setting in SERVER.values()}


@pytest.mark.parametrize("setting", READABLE, ids=lambda setting: setting.name)
def test_every_setting_says_what_it_is_for(setting: Setting) -> None:
    assert setting.help
    assert setting.help[0].islower()
    assert not setting.help.endswith(".")
    assert (setting.kind is Kind.CHOICE) == bool(setting.choices)


@pytest.mark.parametrize(
    "setting",
    [s for s in READABLE if s.field and s.kind not in IN_CONTEXT and s.default],
    ids=lambda s: s.name,
)
def test_the_default_that_is_told_is_the_default_that_holds(setting: Setting) -> None:
    group, _, name = setting.field.rpartition(".")
    holder: object = Growth() if group else ServerConfig() if setting.name in SERVER else JailConfig("j")
    expected = getattr(holder, name)
    nothing = None if setting.kind is Kind.AUTO else False
    read = values.read(setting, setting.default)
    assert (expected.value if isinstance(expected, UseDns) else expected or nothing) == read


@pytest.mark.parametrize("setting", [s for s in READABLE if s.field and not s.default], ids=lambda s: s.name)
def test_what_has_no_default_is_empty(setting: Setting) -> None:
    group, _, name = setting.field.rpartition(".")
    holder: object = Growth() if group else ServerConfig() if setting.name in SERVER else JailConfig("j")
    assert not getattr(holder, name)
