from __future__ import annotations

from banish.adapters.reports import MOST_THINGS, QUIET_SECONDS, Reports


def test_the_same_trouble_is_told_once_a_minute() -> None:
    told: list[str] = []
    now = 0.0
    reports = Reports(told.append, lambda: now)
    for text in ("1", "2"):
        reports.tell("a", text)
        reports.tell("b", text)
    now = QUIET_SECONDS
    reports.tell("a", "3")
    assert told == ["1", "1", "3"]


def test_only_so_many_things_are_remembered() -> None:
    told: list[str] = []
    reports = Reports(told.append, lambda: 0.0)
    for number in range(2 * MOST_THINGS):
        reports.tell(str(number), "x")
    assert len(reports._quiet_until) <= MOST_THINGS
    assert len(told) == 2 * MOST_THINGS
