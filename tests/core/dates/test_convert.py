"""From captured groups to a time: what is given, what is guessed, what does not exist."""

from datetime import UTC, datetime, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.clock import Clock
from banish.core.dates.convert import convert
from banish.core.model import Instant

NOW = Instant(1_700_000_000)  # 2023-11-14 23:13:20 in Central Europe
DAY = 86400


def groups(text: str) -> dict[str, str | None]:
    """`Y=2023 m=11` as a match would give it; a group without a value took no part."""
    return {name: value or None for name, _, value in (part.partition("=") for part in text.split())}


def at(year: int, month: int, day: int, hour: int = 0) -> float:
    """Seconds of a time in Greenwich."""
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ("Y=2023 m=11 d=14 H=23 M=13 S=20", 1700000000.0),
        ("y=23 m=11 d=14 H=23 M=13 S=20 f=999999", 1700000000.0),
        ("Y=2023 b=nov d=14 H=23 M=13 S=20", 1700000000.0),
        ("Y=2023 B=November d=14 H=23 M=13 S=20 a=Mon", 1700000000.0),
        ("Y=2023 b=NOV d=14 H=23 M=13 S=20 Z=", 1700000000.0),
        ("Y=2023 m=6 d=5 H=23 M=13 S=20", 1685999600.0),
        ("Y=2023 j=318 H=23 M=13 S=20", 1700000000.0),
        ("Y=2023 j=365", at(2023, 12, 31) - 3600),
        ("Y=2023 m=11 d=14 I=11 p=PM M=13 S=20", 1700000000.0),
        ("_sep=- epoch=5 Y=2023 m=11 d=14 H=23 M=13 S=20", 1700000000.0),
    ],
)
def test_a_whole_date_is_local_time_and_a_float(zone: tzinfo, captured: str, expected: float) -> None:
    assert repr(expected) == repr(convert(groups(captured), Clock(zone), NOW))


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("+01", -60),
        ("-0500", 300),
        ("+02:30", -150),
        ("EST", 300),
        ("PST-0800", 960),
    ],
)
@pytest.mark.parametrize("group", ["z", "Z"])
def test_a_named_zone_counts_and_makes_an_integer(
    zone: tzinfo, group: str, named: str, expected: int
) -> None:
    captured = groups(f"Y=2023 m=11 d=14 H=22 M=13 S=20 {group}={named}")
    assert repr(1_700_000_000 + 60 * expected) == repr(convert(captured, Clock(zone, 555), NOW))


def test_the_set_zone_counts_where_none_is_named_and_makes_an_integer(zone: tzinfo) -> None:
    captured = groups("Y=2023 m=11 d=14 H=23 M=13 S=20")
    assert repr(1_700_009_000) == repr(convert(captured, Clock(zone, -90), NOW))


@pytest.mark.parametrize(
    ("captured", "hour"),
    [
        ("I=12 p=AM", 0),
        ("I=1 p=am", 1),
        ("I=11 p=AM", 11),
        ("I=12 p=PM", 12),
        ("I=1 p=pm", 13),
        ("I=12", 0),
        ("I=3", 3),
        ("p=PM H=4", 4),
    ],
)
def test_half_a_day_has_twelve_hours_and_without_a_word_it_is_morning(
    zone: tzinfo, captured: str, hour: int
) -> None:
    assert at(2023, 11, 1, hour) - 3600 == convert(groups(f"Y=2023 m=11 d=1 {captured}"), Clock(zone), NOW)


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ("b=Nov d=14 H=23 M=13 S=20", NOW),
        ("b=Nov d=15 H=23 M=0 S=0", 1700085600),  # less than a day ahead: a clock that is wrong
        ("b=Nov d=16 H=0 M=0 S=0", 1668553200),  # more: last year
        ("m=12 d=31", at(2022, 12, 31) - 3600),
        ("m=1 d=1", at(2023, 1, 1) - 3600),
        ("j=366", at(2023, 1, 1) - 3600),  # a day too many is the first of the next year, and that is ahead
        ("b=Nov d=17 H=3 z=+0500", at(2022, 11, 17, 22)),  # in Greenwich, but on the day of the text
    ],
)
def test_a_missing_year_is_this_one_or_the_last(zone: tzinfo, captured: str, expected: float) -> None:
    assert expected == convert(groups(captured), Clock(zone), NOW)


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ("H=23 M=13 S=20", NOW),
        ("H=23 M=13 S=21", NOW + 1 - DAY),
        ("H=0", 1699916400),
        ("I=11 M=14 p=PM", 1699913640),
        ("H=22 M=13 S=20 z=Z", NOW),
        ("H=22 M=30 z=Z", at(2023, 11, 14, 22) + 1800),  # measured by the local clock, which is an hour ahead
        ("H=23 M=14 z=Z", at(2023, 11, 13, 23) + 840),
        ("Y=2020 H=10", at(2020, 11, 14, 10) - 3600),
        ("Y=2024 H=10", at(2024, 11, 13, 10) - 3600),
        ("", 1699916400),
    ],
)
def test_a_missing_day_is_today_or_yesterday(zone: tzinfo, captured: str, expected: float) -> None:
    assert expected == convert(groups(captured), Clock(zone), NOW)


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ("Y=2023 W=46 w=2 H=23", 1699999200.0),
        ("Y=2023 W=46 a=tue H=23", 1699999200.0),
        ("Y=2023 U=46 A=Tuesday H=23", 1699999200.0),
        ("Y=2023 U=1 w=0", at(2023, 1, 1) - 3600),  # 2023 starts with a Sunday
        ("Y=2023 W=1 w=1", at(2023, 1, 2) - 3600),
        ("Y=2023 W=0 w=0", at(2023, 1, 1) - 3600),
        ("Y=2024 W=0 w=0", at(2024, 1, 7) - 3600),  # 2024 starts with a Monday: there is no week 0
        ("Y=2024 U=0 w=0", at(2023, 12, 31) - 3600),
        ("Y=2023 W=46", at(2023, 11, 14) - 3600),  # without a weekday a week says nothing
        ("Y=2023 w=2", at(2023, 11, 14) - 3600),
    ],
)
def test_a_week_and_a_weekday_make_a_day(zone: tzinfo, captured: str, expected: float) -> None:
    assert expected == convert(groups(captured), Clock(zone), NOW)


@pytest.mark.parametrize(
    "captured",
    [
        "m=11 d=14 S=60",
        "m=11 d=14 S=61",
        "m=11 d=14 H=24",
        "m=11 d=14 I=13 p=PM",
        "m=2 d=30",
        "m=2 d=29",  # this year has none
        "m=11",  # a month without a day
        "d=11",
        "Y=2023 m=11",
        "Y=0000 m=1 d=1",
        "Y=0001 m=1 d=1 H=0 z=+01",
        "Y=9999 m=12 d=31 H=23 z=-01",
        "Y=99999999999999999999 m=1 d=1",
        "Y=2023 j=99999999999",
        "m=11 d=14 z=z",
        "m=11 d=14 Z=ABCD",
        "m=11 d=14 Z=info",
        "m=11 d=14 H=x",
        "b=\u017fep d=14",
        "Y=2023 W=46 a=\u017fun",
    ],
)
def test_what_does_not_exist_is_not_converted(zone: tzinfo, captured: str) -> None:
    assert convert(groups(captured), Clock(zone), NOW) is None


def test_a_29_february_of_a_guessed_year_counts_only_if_that_year_has_one(zone: tzinfo) -> None:
    january, march = (Instant(at(2024, month, 15)) for month in (1, 3))
    assert convert(groups("m=2 d=29"), Clock(zone), january) is None  # it would be that of 2023
    assert at(2024, 2, 29) - 3600 == convert(groups("m=2 d=29"), Clock(zone), march)


def test_today_in_a_year_that_lacks_the_day_is_not_converted(zone: tzinfo) -> None:
    leap_day = Instant(at(2024, 2, 29, 12))
    assert convert(groups("Y=2023 H=10"), Clock(zone), leap_day) is None


NAMES = st.sampled_from(list("YymbBdHIpMSjUWwaAzZf"))
VALUES = st.none() | st.text(alphabet="0123456789+-:ZACESTaegnoptuv \u0661\u017f", max_size=12)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_no_captured_text_is_ever_an_error(captured: dict[str, str | None]) -> None:
    found = convert(captured, Clock(UTC), NOW)
    assert found is None or isinstance(found, int | float)
