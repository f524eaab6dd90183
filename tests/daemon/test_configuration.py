from __future__ import annotations

from pathlib import Path

import pytest

from banish.core.errors import ConfigError
from banish.daemon import configuration
from banish.daemon.configuration import load, load_filters

JAILS = """\
[DEFAULT]
filter = web
action = native

[one]
enabled = true

[two]
enabled = false
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "filter.d").mkdir()
    (tmp_path / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^<verb> <HOST>$\n[Init]\nverb = a\n"
    )
    (tmp_path / "jail.conf").write_text(JAILS)
    return tmp_path


def test_a_directory_becomes_a_program(directory: Path) -> None:
    loaded = load(str(directory))
    assert (str(directory), ["one"]) == (loaded.directory, [rules.jail.name for rules in loaded.program])
    assert () == loaded.errors


def test_a_jail_can_run_though_it_is_not_enabled(directory: Path) -> None:
    assert ["one", "two"] == [rules.jail.name for rules in load(str(directory), ["two"]).program]


def test_naming_a_jail_does_not_make_it(directory: Path) -> None:
    assert ["one"] == [rules.jail.name for rules in load(str(directory), ["three"]).program]


def test_problems_of_reading_and_of_compiling_come_together(directory: Path) -> None:
    (directory / "jail.local").write_text("[one]\nfailregex = (\n[two]\nenabled = true\nfindtime = soon\n")
    loaded = load(str(directory))
    assert [] == list(loaded.program)
    assert {"one", "two"} == {problem.jail for problem in loaded.errors}


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such directory"):
        load(str(tmp_path / "none"))


def test_a_filter_runs_without_its_jail(directory: Path) -> None:
    (directory / "jail.local").write_text("what is this")
    loaded = load_filters(str(directory), {"0": "web[verb=b]", "1": "web"})
    assert () == loaded.errors
    assert ["^b <HOST>$", "^a <HOST>$"] == [rules.jail.failregex[0].text for rules in loaded.program]


def test_percent_signs_in_arguments_are_meant_literally(directory: Path) -> None:
    [rules] = load_filters(str(directory), {"0": 'web[verb="50%"]'}).program
    assert "^50% <HOST>$" == rules.jail.failregex[0].text


def test_a_jail_may_be_left_out_while_there_is_no_log(directory: Path) -> None:
    log = directory / "a.log"
    (directory / "jail.local").write_text(f"[one]\nlogpath = {log}\nskip_if_nologs = true\n")
    assert [] == list(load(str(directory)).program)
    log.touch()
    assert ["one"] == [rules.jail.name for rules in load(str(directory)).program]


@pytest.mark.parametrize(("is_there", "backend"), [(True, "systemd"), (False, "auto")])
def test_a_jail_turns_to_the_journal_if_there_is_one_and_no_log(
    directory: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool, backend: str
) -> None:
    monkeypatch.setattr(configuration, "has_journal", lambda: is_there)
    (directory / "jail.local").write_text("[one]\nlogpath = /nowhere/x\njournalmatch = _COMM=x\n")
    assert [backend] == [rules.jail.backend for rules in load(str(directory)).program]


def test_a_question_that_cannot_be_asked_keeps_a_jail_from_running(directory: Path) -> None:
    (directory / "jail.local").write_text('[one]\nbackend = systemd\njournalmatch = "_COMM=x\n')
    loaded = load(str(directory))
    assert [] == list(loaded.program)
    assert "No closing quotation" in str(loaded.errors[0])
