"""Searches are timed in a process of its own, and end in time."""

from __future__ import annotations

import io
import json
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from banish.adapters.stopwatch import ENOUGH_SECONDS, LIMIT_SECONDS, Timed, Trial, measure, work

BOMB = "^(a+)+b"
LONG = "a" * 40


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Put back what `work` sets in this process."""
    before = signal.getsignal(signal.SIGVTALRM)
    yield
    signal.signal(signal.SIGVTALRM, before)


def trial(regex: str, *lines: str, belongs: int = 0, flags: int = 0) -> Trial:
    return Trial(belongs, regex, flags, lines)


def worked(*trials: Trial) -> list[Timed]:
    """Do the work of the process here."""
    answers = io.StringIO()
    work([json.dumps(asdict(each)) for each in trials], answers)
    found = [json.loads(line) for line in answers.getvalue().splitlines()]
    return [Timed(tuple(each["seconds"]), each["is_cut"]) for each in found]


def test_every_line_is_timed() -> None:
    [timed] = measure([trial("^a+$", "a", "aa", "\udcffb")], 10)
    assert timed is not None
    assert (3, False) == (len(timed.seconds), timed.is_cut)
    assert max(timed.seconds) < ENOUGH_SECONDS


@pytest.mark.slow
def test_a_search_that_explodes_is_cut_and_the_next_are_done() -> None:
    bomb, tame = measure([trial(BOMB, "a", LONG, "a"), trial("a", "b", belongs=1)], 20)
    assert bomb is not None
    assert tame is not None
    assert bomb.is_cut
    assert 2 == len(bomb.seconds)
    assert LIMIT_SECONDS == bomb.seconds[-1]
    assert (1, False) == (len(tame.seconds), tame.is_cut)


@pytest.mark.slow
def test_the_time_of_all_together_has_an_end() -> None:
    begun = time.monotonic()
    answers = measure([trial(BOMB, LONG, belongs=number) for number in range(50)], 1.0)
    assert time.monotonic() - begun < 5
    assert answers[-1] is None


def test_without_time_or_trials_nothing_is_done() -> None:
    assert [None] == measure([trial(BOMB, LONG)], 0)
    assert [] == measure([], 10)


def test_a_time_that_is_over_before_anything_is_written_leaves_nothing() -> None:
    assert [None] == measure([trial(BOMB, LONG)], 0.000_001)


@pytest.mark.slow
def test_work_stops_at_the_first_line_that_took_long() -> None:
    bomb, sister, other = worked(trial(BOMB, LONG, "a"), trial(BOMB, "a"), trial("a", "b", belongs=1))
    assert (1, True) == (len(bomb.seconds), bomb.is_cut)
    assert Timed() == sister
    assert 1 == len(other.seconds)


@pytest.mark.slow
def test_a_search_that_takes_long_and_ends_is_timed() -> None:
    lines = [" " * (1000 * 2**power) for power in range(8)]
    [timed] = worked(trial(r"^\s*\s*x", *lines))
    assert not timed.is_cut or len(timed.seconds) > 1
    assert max(timed.seconds[:-1]) <= ENOUGH_SECONDS < timed.seconds[-1]


def test_flags_count_and_warnings_do_not() -> None:
    timed = worked(trial("[[a]", "b", flags=8))
    assert 1 == len(timed[0].seconds)
