from collections.abc import Mapping

import pytest

from banish.compat.substitution import MOST_TIMES, substitute
from banish.compat.text import Fault, Spot, Text


def result(
    options: Mapping[str, str], *, ignore: tuple[str, ...] = (), condition: str = ""
) -> dict[str, str]:
    texts = {key: Text.at(value) for key, value in options.items()}
    return {key: value.text for key, value in substitute(texts, ignore=ignore, condition=condition).items()}


def test_a_tag_may_be_made_of_tags() -> None:
    assert "OK" == result({"a": "x", "m": "<v_<a>>", "v_x": "OK"})["m"]


def test_an_empty_value_is_a_value() -> None:
    assert "[]" == result({"a": "", "m": "[<a>]"})["m"]


def test_a_tag_has_no_blank_in_it() -> None:
    assert "< b>" == result({"b": "1", "a": "< b>"})["a"]


def test_what_is_no_option_stays() -> None:
    assert "<HOST> <F-USER>1</F-USER>" == result({"m": "<HOST> <F-USER><a></F-USER>", "a": "1"})["m"]


def test_a_condition_is_asked_first() -> None:
    options = {"b": "<a>", "a": "1", "a?family=inet6": "6"}
    assert ("1", "6") == (result(options)["b"], result(options, condition="family=inet6")["b"])


def test_ignored_tags_stay_and_ignored_options_are_not_looked_into() -> None:
    assert {"a": "<b>", "b": "1", "m": "<a> 1"} == result(
        {"a": "<b>", "b": "1", "m": "<a> <b>"}, ignore=("a",)
    )


def test_names_of_options_are_exact_and_the_fallback_is_asked_for_the_rest() -> None:
    asked: list[str] = []

    def fallback(tag: str) -> Text | None:
        asked.append(tag)
        return Text.at("found") if tag == "A" else None

    values = substitute({"a": Text.at("1"), "m": Text.at("<A> <a> <x>")}, fallback=fallback)
    assert ("found 1 <x>", {"A", "x"}) == (values["m"].text, set(asked))


@pytest.mark.parametrize(
    "options", [{"a": "<b>", "b": "<a>"}, {"a": "<a>"}, {"a": "<b>", "b": "<c>", "c": "<b>"}]
)
def test_a_tag_that_leads_back_to_itself_is_a_fault(options: dict[str, str]) -> None:
    with pytest.raises(Fault, match="leads back to itself"):
        result(options)


def test_a_tag_may_be_put_in_so_many_times_but_no_more() -> None:
    # Each round puts <b> in anew, one level deeper.
    options = {f"l{i}": f"<b> <l{i + 1}>" for i in range(MOST_TIMES + 3)} | {"b": "-"}
    assert "- " * 20 + "end" == result({"a": "<l0>", **options, "l20": "end"})["a"]


def test_a_tower_of_tags_cannot_eat_the_memory() -> None:
    tower = {"a": "<n0>"} | {f"n{i}": "".join(f"<n{i + 1}_{k}>" for k in range(10)) for i in range(1)}
    wide = {f"n1_{k}": "x" * 200_000 for k in range(10)}
    with pytest.raises(Fault, match="grows beyond"):
        result(tower | wide)


def test_a_crowd_of_tags_cannot_hang() -> None:
    with pytest.raises(Fault, match="more than 10000"):
        result({"a": "".join(f"<x{i}>" for i in range(10_001))})


def test_lines_that_are_put_in_stand_where_they_were_written() -> None:
    more = Text("two\nthree", (Spot("f", 8), Spot("f", 9)))
    rules = Text("one\n<more>", (Spot("f", 1), Spot("f", 2)))
    assert ((Spot("f", 1)), Spot("f", 8), Spot("f", 9)) == substitute({"rules": rules, "more": more})[
        "rules"
    ].spots
