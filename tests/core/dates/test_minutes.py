"""Dates of a known minute are told by their second, and are what reading them would have said."""

from __future__ import annotations

from datetime import UTC, tzinfo

import pytest

from banish.core.dates.clock import Clock
from banish.core.dates.minutes import Minutes
from banish.core.dates.pattern import templates
from banish.core.dates.template import Template
from banish.core.model import Instant

NOW = Instant(1767268830)  # 2026-01-01 12:00:30 UTC
BOUND = templates("{^LN-BEG}", 2026)


def both(template: Template, line: str, now: Instant, minutes: Minutes, clock: Clock) -> None:
    match = template.regex.search(line)
    assert match is not None
    assert template.read(match, clock, now) == minutes.read(template, match, now)


@pytest.mark.parametrize(
    ("template", "minute"),
    [
        (BOUND[0], "2026-01-01 12:00:{:02} x"),
        (BOUND[1], "Jan  1 12:00:{:02} x"),  # the year is guessed
        (BOUND[1], "Jan  2 12:00:{:02} x"),  # tomorrow, or a year ago: it turns in this minute
        (BOUND[1], "Dec 31 23:59:{:02} x"),
        (BOUND[1], "Feb 30 12:00:{:02} x"),  # no such day
        (templates("%H:%M:%S", 2026)[0], "12:00:{:02} x"),  # today, or yesterday
    ],
)
@pytest.mark.parametrize("zone", [UTC])
def test_every_second_is_what_it_would_have_been(template: Template, minute: str, zone: tzinfo) -> None:
    for first in (0, 17, 59):
        minutes, clock = Minutes(Clock(zone)), Clock(zone)
        for second in (first, *range(62)):
            if template.regex.search(minute.format(second)):
                both(template, minute.format(second), NOW, minutes, clock)


def test_dates_without_a_second_of_two_digits_are_read() -> None:
    minutes, clock = Minutes(Clock(UTC)), Clock(UTC)
    epoch = templates("EPOCH", 2026)[0]
    both(epoch, "1767268830 x", NOW, minutes, clock)
    both(BOUND[0], "2026-01-01 12:00:5 x", NOW, minutes, clock)
    assert minutes.latest is None


def test_a_known_minute_is_told_until_the_present_changes() -> None:
    minutes, clock = Minutes(Clock(UTC)), Clock(UTC)
    both(BOUND[0], "2026-01-01 12:00:05 x", NOW, minutes, clock)
    assert NOW - 30 == minutes.latest
    both(BOUND[0], "2026-01-01 12:00:06 x", NOW, minutes, clock)
    both(BOUND[0], "2026-01-01 12:00:07 x", Instant(NOW + 1), minutes, clock)


def test_a_date_that_ends_otherwise_with_another_second_is_read() -> None:
    minutes, clock = Minutes(Clock(UTC)), Clock(UTC)
    odd = templates(r"%Y-%m-%d %H:%M:(?P<S>0\d)", 2026)[0]
    both(odd, "2026-01-01 12:00:05 x", NOW, minutes, clock)
    assert minutes.latest is None


def test_only_so_many_minutes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.core.dates.minutes._KEPT", 2)
    minutes, clock = Minutes(Clock(UTC)), Clock(UTC)
    for minute in range(5):
        both(BOUND[0], f"2026-01-01 12:{minute:02}:05 x", NOW, minutes, clock)
