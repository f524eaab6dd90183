"""The automaton of an expression knows what can follow what."""

from __future__ import annotations

import pytest

from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import pick
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Run


def of(regex: str) -> Automaton:
    return automaton(tree_of(regex) or Run())


def edges(made: Automaton) -> dict[str, str]:
    """Return character → what follows, where each character stands at one position only."""
    letters = [pick(mask) for mask in made.masks]
    return {
        letters[here]: "".join(sorted(letters[there] for there in follow))
        for here, follow in enumerate(made.follow)
        if here
    }


@pytest.mark.parametrize(
    ("regex", "wanted"),
    [
        ("^123", {"1": "2", "2": "3", "3": ""}),
        ("^1?23", {"1": "2", "2": "3", "3": ""}),
        ("^1(?:24|35)", {"1": "23", "2": "4", "3": "5", "4": "", "5": ""}),
        ("^1(?:2)?3", {"1": "23", "2": "3", "3": ""}),
        ("^12*3", {"1": "23", "2": "23", "3": ""}),
        ("^(?:12)+3", {"1": "2", "2": "13", "3": ""}),
        ("^(1)(?(1)2|3)", {"1": "23", "2": "", "3": ""}),
        (r"^(?>1)(?=x)\b2$", {"1": "2", "2": ""}),
    ],
)
def test_positions_follow_as_in_the_expression(regex: str, wanted: dict[str, str]) -> None:
    assert wanted == edges(of(regex))


def test_repetitions_with_a_limit_are_written_out() -> None:
    assert [1, 2, 3, 4] == [len(of(regex).masks) - 1 for regex in ("^a", "^a{2}", "^a{1,3}", "^a{0,4}")]
    assert [] == of("^a{3,20}").loops


def test_repetitions_with_a_high_limit_have_none() -> None:
    assert [range(1, 2)] == of("^a{0,1000}").loops
    assert [range(20 + 1, 20 + 2)] == of("^a{1000}").loops


def test_only_outermost_loops_are_told() -> None:
    assert [range(1, 3)] == of("^(?:a*b)*").loops


def test_a_search_may_begin_anywhere_unless_it_is_bound() -> None:
    assert [range(1)] == of("ab").loops
    assert {0: 1, 1: 1} == of("ab").follow[0]
    for bound in (r"^a", r"\Aa", "(^a)", "(?>^a)", "^a|^b"):
        assert [] == of(bound).loops
    for free in ("(?m)^a", "^a|b", "x?^a", "", "a"):
        assert [range(1)] == of(free).loops


def test_ways_to_take_a_step_are_counted() -> None:
    assert ({1: 1}, {1: 2}) == (of("^a*").follow[1], of("^(?:a*)*").follow[1])


def test_the_shortest_path_is_found() -> None:
    made = of("^(?:abcd|ad)e")
    assert "a1" == of("^a1").path([1], 2)
    assert "ade" == made.path(made.starts, 6)
    assert made.path([6], 1) is None


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(TooLargeError):
        of("(?:" * 4 + "a" + "{20}){20}){20}){20}){20}"[:0] + "{20})" * 4 + "{20}")
