"""Zones as log lines name them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.zones import ABBREVIATIONS, logtimezone, offset
from banish.core.errors import RuleError


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("+01", 60),
        ("-0130", -90),
        ("+02:30", 150),
        ("-00:15", -15),
        ("CET", 60),
        ("CEST", 120),
        ("EST", -300),
        ("NPT", 345),
        ("MART", -570),
        ("A", 60),
        ("VLAST", 660),
        ("PST-0800", -960),
        ("A+01", 120),
        ("+0\u0661", 60),
    ],
)
def test_a_zone_is_minutes_east_of_greenwich(zone: str, expected: int) -> None:
    assert expected == offset(zone)


@pytest.mark.parametrize(
    "zone", ["", "z", "utc", "cet", "+1", "+20", "CET+1", "ABCD", "ET", "Europe/Berlin", "CET\n"]
)
def test_what_is_no_known_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="is no zone"):
        offset(zone)


def test_the_table_has_every_abbreviation_once() -> None:
    expected = 221
    assert expected == len(ABBREVIATIONS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("UTC", 0),
        ("GMT-0100", -60),
        ("UTC+0200", 120),
        ("+02", 120),
        ("+02:30", 150),
        ("CET", 60),
        ("PST-0800", -960),
    ],
)
def test_logtimezone_is_an_offset_or_an_abbreviation_or_both(value: str, expected: int) -> None:
    assert expected == logtimezone(value)


def test_an_empty_logtimezone_is_the_machines_zone() -> None:
    assert logtimezone("") is None


@pytest.mark.parametrize("value", ["EST5", "Europe/Berlin", "utc", "ET", "ABC", "+1"])
def test_a_wrong_logtimezone_is_refused_with_its_value_and_the_cure(value: str) -> None:
    with pytest.raises(RuleError) as error:
        logtimezone(value)
    assert f'logtimezone = "{value}": not a zone; write an offset such as +0100' in str(error.value)


@given(st.text(max_size=9))
def test_any_text_is_a_zone_within_two_days_or_is_refused(text: str) -> None:
    with suppress(ValueError):
        assert abs(offset(text)) < 2 * 24 * 60
