"""The machine's own zone."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from banish.adapters.localzone import SystemZone

RULES = "CET-01CEST-02,M3.5.0,M10.5.0"  # clocks change at 2:00: forward to 3:00, back to 1:00
HOUR = 3600
SPRING = 1679792400  # 2023-03-26 01:00 UTC, 2:00 CET
AUTUMN = 1698537600  # 2023-10-29 00:00 UTC, 2:00 CEST

SetZone = Callable[[str], SystemZone]


@pytest.fixture
def zone() -> Iterator[SetZone]:
    before = os.environ.get("TZ")

    def choose(name: str) -> SystemZone:
        os.environ["TZ"] = name
        time.tzset()
        return SystemZone()

    yield choose
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def mktime(wall: datetime) -> float:
    return time.mktime((*wall.timetuple()[:6], 0, 0, -1))


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2023-11-14 23:13:20", 1700000000),
        ("2023-06-05 23:13:20", 1685999600),
        ("2023-03-26 01:59:59", SPRING - 1),
        ("2023-03-26 03:00:00", SPRING),
        ("2023-10-29 00:59:59", AUTUMN - HOUR - 1),
        ("2023-10-29 02:00:00", AUTUMN + HOUR),
    ],
)
def test_a_wall_clock_means_what_the_rules_in_tz_say(zone: SetZone, wall: str, expected: float) -> None:
    assert expected == datetime.fromisoformat(wall).replace(tzinfo=zone(RULES)).timestamp()


@pytest.mark.parametrize("name", [RULES, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_every_wall_clock_of_a_year_is_the_time_that_mktime_tells(zone: SetZone, name: str) -> None:
    local = zone(name)
    for half_hours in range(0, 366 * 48, 3):
        wall = datetime.fromisoformat("2023-01-01") + timedelta(minutes=30 * half_hours)
        assert mktime(wall) == wall.replace(tzinfo=local).timestamp()


def test_a_wall_clock_that_is_skipped_is_resolved_as_mktime_does(zone: SetZone) -> None:
    skipped = datetime(2023, 3, 26, 2, 30, tzinfo=zone(RULES))
    assert mktime(skipped) == skipped.timestamp()


def test_a_wall_clock_that_is_shown_twice_is_resolved_as_mktime_does_and_fold_is_the_other(
    zone: SetZone,
) -> None:
    twice = datetime(2023, 10, 29, 1, 30, tzinfo=zone(RULES))
    assert mktime(twice) == twice.timestamp()
    both = {AUTUMN - HOUR // 2, AUTUMN + HOUR // 2}
    assert both == {twice.timestamp(), twice.replace(fold=1).timestamp()}


def test_fold_means_nothing_for_a_wall_clock_that_is_shown_once(zone: SetZone) -> None:
    once = datetime(2023, 7, 1, 12, 0, tzinfo=zone(RULES))
    assert once.timestamp() == once.replace(fold=1).timestamp()


@pytest.mark.parametrize("name", [RULES, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_an_instant_comes_back_from_the_wall_clock(zone: SetZone, name: str) -> None:
    local = zone(name)
    for at in range(1672531200, 1704067200, 1800 * 7):
        assert at == datetime.fromtimestamp(at, local).timestamp()
    for change in (SPRING, AUTUMN):
        for at in range(change - 3 * HOUR, change + 4 * HOUR, 600):
            assert at == datetime.fromtimestamp(at, local).timestamp()


def test_fractions_of_a_second_survive(zone: SetZone) -> None:
    expected = 250_000
    assert expected == datetime.fromtimestamp(1700000000.25, zone(RULES)).microsecond


def test_the_abbreviation_is_that_of_the_season(zone: SetZone) -> None:
    local = zone(RULES)
    names = [datetime(2023, month, 1, tzinfo=local).tzname() for month in (1, 7)]
    expected = ["CET", "CEST"]
    assert expected == names
    assert datetime(2023, 7, 1, tzinfo=local).dst() is None


def test_without_a_time_there_is_no_offset_and_no_name() -> None:
    assert SystemZone().utcoffset(None) is None
    assert SystemZone().tzname(None) is None


def test_a_change_of_tz_is_followed(zone: SetZone) -> None:
    noon = datetime(2023, 7, 1, 12, tzinfo=UTC)
    shown = [noon.astimezone(zone(name)).hour for name in ("UTC", RULES, "EST5")]
    expected = [12, 14, 7]
    assert expected == shown
