"""Growing ban times: the examples of the specification, and what they must never do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.config import Growth
from banish.core.ladder import Offenders, Past, lengthen, weight
from banish.core.model import FOREVER, Instant, Offender, Seconds, Subject

TEN_MINUTES = Seconds(600)
ANNA, BERT, CARL = Subject("192.0.2.1"), Subject("192.0.2.2"), Subject("192.0.2.3")


def lengths(growth: Growth, *earlier: int, draw: float = 0.0) -> list[float]:
    return [lengthen(TEN_MINUTES, count, growth, lambda: draw) for count in earlier]


def test_ban_times_double() -> None:
    assert [600, 1200, 2400, 4800] == lengths(Growth(), 0, 1, 2, 3)


def test_doubling_stops_at_the_twentieth_time() -> None:
    assert [600 * 2**20] * 2 == lengths(Growth(), 20, 1000)


def test_the_factor_slows_down_doubling_but_never_below_the_ban_time() -> None:
    assert [600, 1200, 2400] == lengths(Growth(factor=0.5), 1, 2, 3)
    assert [600] == lengths(Growth(factor=0.1), 1)


def test_multipliers_follow_the_number_of_bans_and_may_shorten_pitfall_47() -> None:
    assert [600, 3000, 18000, 18000] == lengths(Growth(multipliers=(1, 5, 30)), 0, 1, 2, 9)
    assert [300] == lengths(Growth(multipliers=(1, 1), factor=0.5), 1)


def test_multipliers_win_over_a_formula() -> None:
    growth = Growth(multipliers=(1, 2), formula=lambda time, count, factor: time * count * factor * 99)
    assert [1200] == lengths(growth, 1)


def test_a_formula_gets_time_count_and_factor_and_never_shortens() -> None:
    growth = Growth(factor=2, formula=lambda time, count, factor: time * count * factor)
    assert [1200, 2400] == lengths(growth, 1, 2)
    assert [600] == lengths(Growth(formula=lambda time, _count, _factor: time / 2), 1)


@pytest.mark.parametrize("error", [ZeroDivisionError, OverflowError, ValueError])
def test_a_formula_that_fails_frees_nobody(error: type[Exception]) -> None:
    def fails(_time: float, _count: int, _factor: float) -> float:
        raise error

    assert [600] == lengths(Growth(formula=fails), 1)


def test_a_formula_that_is_no_number_frees_nobody() -> None:
    assert [600] == lengths(Growth(formula=lambda _time, _count, _factor: math.nan), 1)


def test_the_random_part_comes_after_the_longest_pitfall_47() -> None:
    growth = Growth(longest=Seconds(1000), jitter=Seconds(60))
    assert [600, 1030, 1030] == lengths(growth, 0, 1, 5, draw=0.5)


def test_a_ban_for_good_does_not_grow() -> None:
    assert lengthen(FOREVER, 3, Growth(longest=Seconds(10)), lambda: 0.5) == FOREVER


@given(st.integers(min_value=0, max_value=10**6), st.floats(min_value=0, max_value=100))
def test_ban_times_are_never_shorter_than_the_first(earlier: int, factor: float) -> None:
    assert lengthen(TEN_MINUTES, earlier, Growth(factor=factor), lambda: 0.0) >= TEN_MINUTES


def test_failures_of_known_offenders_weigh_more_pitfall_46() -> None:
    assert [1, 2, 3, 5, 5] == [weight(earlier, 5) for earlier in (0, 1, 2, 3, 10**9)]
    assert 1 == weight(3, 1)


def known(subject: Subject, jail: str, count: int, last: float) -> Offender:
    return Offender(jail, subject, count, Instant(last))


def test_the_past_is_that_of_one_jail_or_of_all() -> None:
    offenders = Offenders()
    for offender in (known(ANNA, "sshd", 1, 10), known(ANNA, "web", 3, 30), known(ANNA, "sshd", 2, 20)):
        offenders.put(offender)
    assert Past(2, Instant(20)) == offenders.past(ANNA, "sshd")
    assert Past(5, Instant(30)) == offenders.past(ANNA, None)
    assert Past() == offenders.past(ANNA, "mail")
    assert Past() == offenders.past(BERT, None)


def test_bans_of_one_jail_can_be_forgiven() -> None:
    offenders = Offenders()
    offenders.put(known(ANNA, "sshd", 1, 10))
    offenders.put(known(ANNA, "web", 3, 30))
    assert offenders.forgive(ANNA, "sshd")
    assert not offenders.forgive(ANNA, "sshd")
    assert Past(3, Instant(30)) == offenders.past(ANNA, None)
    assert offenders.forgive(ANNA, "web")
    assert 0 == len(offenders)


def test_beyond_the_cap_the_offender_whose_last_ban_is_longest_ago_is_forgotten() -> None:
    offenders = Offenders(cap=2)
    for at, subject in enumerate((ANNA, BERT, ANNA, CARL)):
        offenders.put(known(subject, "sshd", 1, at))
    assert 2 == len(offenders)
    assert Past() == offenders.past(BERT, None)
