"""What is searched for, what is left out, and who is told."""

from __future__ import annotations

from tests.core.match.logs import rules

from banish.core.expression import Expression
from banish.core.match.searches import Searches

RULES = rules("(?P<ip4>a)", "(?P<ip4>b)", prefix="(?P<content>.*)", ignores=("c",))


def test_nothing_is_wrapped_where_nobody_watches() -> None:
    searches = Searches(RULES, frozenset(), None)
    assert RULES.failures[0].search == searches.failures[0][1]
    assert searches.reads_dates
    assert searches.prefix is not None


def test_what_is_left_out_matches_nothing_and_the_others_keep_their_numbers() -> None:
    skip = frozenset({Expression("j", "failregex", 0), Expression("j", "datepattern", 0)})
    searches = Searches(RULES, skip, None)
    assert [False, True] == [searches.is_tried(number) for number in range(2)]
    assert [0, 1] == [number for number, _ in searches.failures]
    assert [None, None] == [searches.failures[0][1](text) for text in "ab"]
    assert searches.failures[1][1]("b")
    assert not searches.reads_dates


def test_who_watches_is_told_before_each_search() -> None:
    told: list[tuple[int, str, int]] = []
    searches = Searches(RULES, frozenset(), lambda line, what: told.append((line, what.key, what.number)))
    searches.begin(7)
    assert searches.failures[1][1]("b")
    assert not searches.ignores[0]("b")
    assert [(7, "datepattern", 0), (7, "failregex", 1), (7, "ignoreregex", 0)] == told


def test_a_jail_without_a_prefix_has_none() -> None:
    searches = Searches(rules("(?P<ip4>a)"), frozenset(), None)
    assert searches.prefix is None
    searches.begin(3)
    assert 3 == searches.line
