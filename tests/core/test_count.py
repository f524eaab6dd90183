"""Counting, held against a list of all failures and the obvious sum."""

from __future__ import annotations

import random

import pytest

from banish.core.count import Count, Windows
from banish.core.model import Evidence, Instant, Seconds, Subject

ANNA, BERT, CARL = Subject("192.0.2.1"), Subject("192.0.2.2"), Subject("192.0.2.3")


def seen(at: float, *lines: str) -> Evidence:
    return Evidence(Instant(at), 0, lines)


def windows(maxretry: int = 3, findtime: float = 600, maxmatches: int = 5, cap: int = 100) -> Windows:
    return Windows(maxretry, Seconds(findtime), maxmatches, cap)


def test_the_last_failure_of_too_many_returns_the_count_and_begins_anew() -> None:
    failures = windows()
    assert failures.add(ANNA, seen(0)) is None
    assert failures.add(ANNA, seen(10)) is None
    assert Count(3, Instant(20), (seen(0), seen(10), seen(20))) == failures.add(ANNA, seen(20))
    assert failures.get(ANNA) is None
    assert failures.add(ANNA, seen(21)) is None


def test_both_ends_of_the_window_are_in_it() -> None:
    failures = windows(maxretry=2)
    failures.add(ANNA, seen(0))
    assert failures.add(ANNA, seen(600)) is not None
    failures.add(BERT, seen(0))
    assert failures.add(BERT, seen(600.001)) is None


def test_the_window_slides_where_a_rate_would_remember_pitfall_40() -> None:
    failures = windows(maxretry=5)
    times = (0, 100, 200, 300, 650, 700, 1500, 1400, 1501)
    counts = [None if failures.add(ANNA, seen(at)) else _failures(failures, ANNA) for at in times]
    # at 700: 200, 300, 650, 700 are left, for 100 is exactly 600 s ago and counts too
    assert [1, 2, 3, 4, 4, None, 1, 2, 3] == counts


def _failures(failures: Windows, subject: Subject) -> int:
    count = failures.get(subject)
    return count.failures if count else 0


def test_a_late_failure_counts_if_it_is_near_the_newest() -> None:
    failures = windows(maxretry=2)
    failures.add(ANNA, seen(1000))
    assert failures.add(ANNA, seen(399)) is None
    assert Count(1, Instant(1000), (seen(1000),)) == failures.get(ANNA)
    assert Count(2, Instant(1000), (seen(400), seen(1000))) == failures.add(ANNA, seen(400))


def test_a_heavy_failure_counts_for_several() -> None:
    failures = windows(maxretry=5)
    assert failures.add(ANNA, seen(0), weight=3) is None
    assert Count(2, Instant(1), (seen(0), seen(1))) == failures.add(ANNA, seen(1), weight=2)


def test_the_latest_failures_are_the_evidence() -> None:
    failures = windows(maxretry=3, maxmatches=2)
    failures.add(ANNA, seen(0, "a"))
    failures.add(ANNA, seen(1, "b"))
    count = failures.add(ANNA, seen(2, "c"))
    assert count == Count(3, Instant(2), (seen(1, "b"), seen(2, "c")))


def test_no_evidence_is_kept_if_none_is_wanted() -> None:
    assert Count(1, Instant(0), ()) == windows(maxretry=1, maxmatches=0).add(ANNA, seen(0, "a"))


def test_a_forgotten_subject_begins_anew() -> None:
    failures = windows(maxretry=2)
    failures.add(ANNA, seen(0))
    failures.forget(ANNA)
    failures.forget(BERT)
    assert failures.add(ANNA, seen(1)) is None


def test_beyond_the_cap_the_one_that_was_quiet_for_longest_is_given_up() -> None:
    failures = windows(cap=2)
    for at, subject in enumerate((ANNA, BERT, ANNA)):
        failures.add(subject, seen(at))
        assert failures.overflow() is None
    failures.add(CARL, seen(3))
    assert BERT == failures.overflow()
    assert 2 == len(failures)
    assert failures.overflow() is None


def test_what_can_no_longer_matter_expires() -> None:
    failures = windows()
    failures.add(ANNA, seen(0))
    failures.add(BERT, seen(10))
    failures.expire(Instant(600))
    assert 2 == len(failures)
    failures.expire(Instant(600.5))
    assert failures.get(ANNA) is None
    assert 1 == len(failures)
    failures.expire(Instant(10_000))
    assert 0 == len(failures)


def test_the_fields_are_those_of_the_first_failure_in_the_window() -> None:
    failures = windows(maxmatches=1)
    failures.add(ANNA, seen(0), fields={"user": "a"})
    failures.add(ANNA, seen(300), fields={"user": "b"})
    failures.add(ANNA, seen(700), fields={"user": "c"})
    count = failures.add(ANNA, seen(701))
    assert count is not None
    assert {"user": "b"} == count.fields


class SlowWindows:
    """Every failure since the last verdict, in one list."""

    def __init__(self, maxretry: int, findtime: float, maxmatches: int) -> None:
        self.maxretry, self.findtime, self.maxmatches = maxretry, findtime, maxmatches
        self.failures: list[tuple[Subject, Evidence, int]] = []

    def count(self, subject: Subject) -> tuple[int, Count | None]:
        mine = [(each, heavy) for who, each, heavy in self.failures if who == subject]
        newest = max((each.at for each, _ in mine), default=0.0)
        mine = [(each, heavy) for each, heavy in mine if each.at >= newest - self.findtime]
        if not mine:
            return 0, None
        in_order = sorted((each for each, _ in mine), key=lambda each: each.at)
        evidence = tuple(in_order[max(0, len(in_order) - self.maxmatches) :])
        return sum(heavy for _, heavy in mine), Count(len(mine), Instant(newest), evidence)

    def add(self, subject: Subject, evidence: Evidence, weight: int) -> Count | None:
        self.failures.append((subject, evidence, weight))
        total, count = self.count(subject)
        if total < self.maxretry:
            return None
        self.failures = [each for each in self.failures if each[0] != subject]
        return count


@pytest.mark.parametrize("seed", range(50))
def test_counting_agrees_with_a_list_of_all_failures(seed: int) -> None:
    draw = random.Random(seed)
    maxretry, findtime, maxmatches = draw.randint(1, 6), draw.choice([5, 20]), draw.randint(0, 4)
    fast = windows(maxretry, findtime, maxmatches)
    slow = SlowWindows(maxretry, findtime, maxmatches)
    clock = 0.0
    for number in range(100):
        clock += draw.choice([0, 1, 3, 8])
        # times are unique, so that the order of the evidence is
        evidence = seen(clock - draw.choice([0, 0, 0, 4, 5, 30]) + number / 1000)
        subject, weight = draw.choice([ANNA, BERT, CARL]), draw.choice([1, 1, 1, 2])
        assert slow.add(subject, evidence, weight) == fast.add(subject, evidence, weight)
        assert slow.count(subject)[1] == fast.get(subject)


@pytest.mark.parametrize("seed", range(20))
def test_housekeeping_changes_no_verdict(seed: int) -> None:
    draw = random.Random(seed)
    kept, swept = windows(maxretry=4, findtime=20), windows(maxretry=4, findtime=20)
    clock = 0.0
    for _ in range(200):
        clock += draw.choice([0, 1, 5, 15])
        swept.expire(Instant(clock))
        evidence, subject = seen(clock), draw.choice([ANNA, BERT, CARL])
        assert kept.add(subject, evidence) == swept.add(subject, evidence)
