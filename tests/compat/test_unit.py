from collections.abc import Mapping

import pytest

from banish.compat.text import Fault, Text
from banish.compat.unit import Unit


def unit(defaults: Mapping[str, str], **sections: Mapping[str, str]) -> Unit:
    def texts(options: Mapping[str, str]) -> dict[str, Text]:
        return {key: Text.at(value) for key, value in options.items()}

    named = {name.replace("__", "/").replace("_", "-"): texts(options) for name, options in sections.items()}
    return Unit("u", is_readable=True, defaults=texts(defaults), sections=named, headers={})


def value(config: Unit, section: str, key: str, **variables: str) -> str | None:
    text = config.get(section, key, {name: Text.at(text) for name, text in variables.items()})
    return text.text if text else None


def test_variables_come_before_the_section_and_the_section_before_the_defaults() -> None:
    config = unit({"a": "d", "b": "d", "c": "d"}, jail={"a": "s", "b": "s"})
    assert ("v", "s", "d", None) == tuple(value(config, "jail", key, A="v") for key in ("a", "b", "c", "x"))


def test_an_option_is_asked_for_in_any_case() -> None:
    assert "1" == value(unit({}, jail={"failregex": "1"}), "jail", "FailRegex")


def test_an_empty_value_is_a_value() -> None:
    assert "" == value(unit({"a": "d"}, jail={"a": ""}), "jail", "a")


def test_the_name_of_the_section_that_is_read_can_be_referred_to() -> None:
    assert "web[mode=x]" == value(unit({"filter": "%(__name__)s[mode=x]"}, web={}), "web", "filter")


def test_another_section_is_read_raw_and_understood_in_the_context_of_the_caller() -> None:
    config = unit({}, other_one={"x": "o%(y)s", "y": "theirs"}, jail={"a": "%(other-one/x)s", "y": "mine"})
    assert "omine" == value(config, "jail", "a")


def test_a_section_without_the_option_falls_back_to_the_defaults() -> None:
    assert "d" == value(unit({"x": "d"}, other={}, jail={"a": "%(other/x)s"}), "jail", "a")


def test_the_defaults_can_be_referred_to_past_the_section() -> None:
    config = unit({"action": "d", "a": "%(default/action)s"}, jail={"action": "%(default/action)s+"})
    assert "d+" == value(config, "jail", "action")


@pytest.mark.parametrize(
    "reference", ["%(none/x)s", "%(other/none)s", "%(MySec/x)s", "%(DEFAULT/none)s", "%(known/none)s"]
)
def test_what_cannot_be_found_elsewhere_is_a_fault(reference: str) -> None:
    with pytest.raises(Fault, match="nowhere set"):
        value(unit({}, other={"x": "1"}, MySec={"x": "1"}, jail={"a": reference}), "jail", "a")


def test_a_section_with_capital_letters_cannot_be_referred_to() -> None:
    with pytest.raises(Fault):
        value(unit({}, Other={"x": "1"}, jail={"a": "%(Other/x)s"}), "jail", "a")


def test_known_is_the_layer_before_or_the_default() -> None:
    config = unit({"b": "d"}, jail={"a": "%(known/a)s+%(known/b)s"}, KNOWN__jail={"a": "before"})
    assert "before+d" == value(config, "jail", "a")


def test_known_that_is_set_by_name_comes_first() -> None:
    config = unit({}, jail={"a": "%(known/a)s+"}, KNOWN__jail={"a": "before"})
    assert "filter+" == value(config, "jail", "a", **{"known/a": "filter"})


def test_known_reaches_back_one_layer_only() -> None:
    config = unit({}, jail={"a": "%(known/a)s2"}, KNOWN__jail={"a": "%(known/a)s1"})
    with pytest.raises(Fault, match="nested"):
        value(config, "jail", "a")


def test_what_is_known_is_understood_again() -> None:
    with pytest.raises(Fault, match="lone"):
        value(unit({}, jail={"a": "%(known/a)s"}), "jail", "a", **{"known/a": "%Y"})


def test_a_fault_names_section_and_option() -> None:
    with pytest.raises(Fault) as caught:
        value(unit({}, jail={"a": "%(b)s"}), "jail", "a")
    assert ("jail", "a") == (caught.value.section, caught.value.key)


def test_every_name_that_is_read_is_told() -> None:
    read: list[tuple[str, str]] = []
    config = unit({"b": "1"}, other={"x": "%(c)s"}, jail={"a": "%(b)s%(other/x)s", "c": ""})
    config.reader("jail", touch=lambda section, key: read.append((section, key)))("a")
    assert [("jail", "a"), ("jail", "b"), ("other", "x"), ("jail", "c")] == read
