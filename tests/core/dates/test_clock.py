"""Local time and instants."""

from datetime import datetime, timedelta, tzinfo

import pytest

from banish.core.dates.clock import Clock
from banish.core.model import Instant

NOW = Instant(1_700_000_000)


class Counting(tzinfo):
    """An hour east of Greenwich; counts how often it is asked."""

    asked = 0

    def utcoffset(self, dt: datetime | None, /) -> timedelta:
        del dt
        self.asked += 1
        return timedelta(hours=1)

    def dst(self, dt: datetime | None, /) -> None:
        del dt

    def tzname(self, dt: datetime | None, /) -> None:
        del dt

    def fromutc(self, dt: datetime, /) -> datetime:
        self.asked += 1
        return dt + timedelta(hours=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_wall_clock_shows_local_time_without_a_zone(zone: tzinfo) -> None:
    assert wall("2023-11-14 23:13:20") == Clock(zone).wall(NOW)
    assert Clock(zone).wall(NOW).tzinfo is None


@pytest.mark.parametrize(
    ("shown", "expected"), [("2023-11-14 23:13:20", 1700000000.0), ("2023-06-05 23:13:20", 1685999600.0)]
)
def test_local_time_is_by_the_zone_and_a_float(zone: tzinfo, shown: str, expected: float) -> None:
    assert repr(expected) == repr(Clock(zone).local(wall(shown)))


def test_time_in_greenwich_is_an_integer() -> None:
    assert repr(1_700_000_000) == repr(Clock.utc(wall("2023-11-14 22:13:20")))


def test_a_minute_and_the_present_are_converted_once() -> None:
    zone = Counting()
    clock = Clock(zone)
    for second in range(60):
        clock.local(wall(f"2023-11-14 23:13:{second:02}"))
        clock.wall(Instant(NOW - 20 + second))
    before = zone.asked
    clock.local(wall("2023-11-14 23:13:20"))
    clock.wall(NOW)
    assert before == zone.asked
    clock.local(wall("2023-11-14 23:14:20"))
    assert before < zone.asked


def test_only_so_many_minutes_are_remembered(zone: tzinfo) -> None:
    clock = Clock(zone)
    start = wall("2023-11-14 00:00:00")
    for minute in range(1000):
        assert Instant(1_699_916_400 + 60 * minute) == clock.local(start + timedelta(minutes=minute))
    assert len(clock._minutes) < 1000
