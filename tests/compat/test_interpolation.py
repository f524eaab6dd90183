from collections.abc import Mapping

import pytest

from banish.compat.interpolation import DEEPEST, interpolate
from banish.compat.text import Fault, Spot, Text


def result(value: str, names: Mapping[str, str]) -> str:
    return interpolate(Text.at(value), lambda name: Text.at(names[name]) if name in names else None).text


def fault(value: str, names: Mapping[str, str]) -> str:
    with pytest.raises(Fault) as caught:
        result(value, names)
    return caught.value.text


def test_a_reference_becomes_the_value_with_its_own_references_replaced() -> None:
    assert "x 1-2 %" == result("x %(a)s %%", {"a": "1-%(b)s", "b": "2"})


def test_names_are_looked_up_in_lower_case() -> None:
    assert "1" == result("%(Name)s", {"name": "1"})


def test_what_has_no_percent_sign_stays_the_same_object() -> None:
    value = Text.at("plain")
    assert value is interpolate(value, lambda _: None)


@pytest.mark.parametrize("value", ["50%", "%Y", "% (a)s", "%(a)d", "%()s"])
def test_any_other_percent_sign_is_a_fault(value: str) -> None:
    assert 'a lone "%"' in fault(value, {"a": "1"})


def test_a_name_that_is_nowhere_set_is_a_fault_that_quotes_the_reference() -> None:
    assert "%(Nme)s refers to a name that is nowhere set; set it, or correct its spelling" == fault(
        "%(Nme)s", {}
    )


def test_the_depth_is_that_of_the_original() -> None:
    chain = {f"n{i}": f"%(n{i + 1})s" for i in range(DEEPEST - 1)}
    assert "end" == result("%(n0)s", chain | {f"n{DEEPEST - 1}": "end"})
    assert "nested more than 10 deep" in fault("%(n0)s", chain | {"n9": "%(n10)s", "n10": "end"})


def test_a_circle_is_a_fault() -> None:
    assert "one of them leads back to itself" in fault("%(a)s", {"a": "%(b)s", "b": "%(a)s"})


@pytest.mark.slow
def test_a_tower_of_references_cannot_eat_the_memory() -> None:
    tower = {f"n{i}": f"%(n{i + 1})s" * 10 for i in range(8)}
    assert "grows beyond" in fault("%(n0)s", tower | {"n8": "x" * 1000})
    assert "more than 10000 references" in fault("%(n0)s", tower | {"n8": ""})


def test_the_lines_of_what_is_put_in_stand_where_they_were_written() -> None:
    outer = Text("%(a)s\nlast", (Spot("jail.local", 5), Spot("jail.local", 6)))
    inner = Text("one\ntwo", (Spot("f.conf", 1), Spot("f.conf", 2)))
    lines = [Spot("f.conf", 1), Spot("f.conf", 2), Spot("jail.local", 6)]
    assert Text("one\ntwo\nlast", tuple(lines)) == interpolate(outer, lambda _: inner)


def test_a_fault_stands_on_the_line_of_the_reference() -> None:
    value = Text("a\n%(b)s", (Spot("f", 1), Spot("f", 2)))
    with pytest.raises(Fault) as caught:
        interpolate(value, lambda _: None)
    assert Spot("f", 2) == caught.value.spot
