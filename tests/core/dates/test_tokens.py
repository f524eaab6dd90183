"""The %-tokens: what they match, what they are called."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.tokens import expand


def matches(token: str, text: str, year: int = 2023) -> bool:
    expansion = expand(f"%{token}", year)
    return bool(re.fullmatch(expansion.regex, text, re.IGNORECASE if expansion.is_caseless else re.NOFLAG))


@pytest.mark.parametrize(
    ("token", "good", "bad"),
    [
        ("Y", ["0000", "2023", "9999"], ["23", "20231"]),
        ("y", ["00", "99"], ["9", "123"]),
        ("Exy", ["00", "99"], ["9", "123"]),
        ("m", ["1", "01", "12"], ["0", "00", "13", " 1"]),
        ("Exm", ["01", "12"], ["1", "00", "13"]),
        ("d", ["1", "01", " 1", "10", "31"], ["0", "00", "32", " 10"]),
        ("Exd", ["01", "31"], ["1", " 1", "00", "32"]),
        ("b", ["Jan", "dec", "MAY"], ["January", "xxx"]),
        ("B", ["January", "december", "May"], ["Jan"]),
        ("a", ["Mon", "sun"], ["Monday"]),
        ("A", ["Monday", "SUNDAY"], ["Mon"]),
        ("H", ["0", "00", "9", "23"], ["24", " 1", "001"]),
        ("ExH", ["00", "23"], ["1", "24"]),
        ("k", ["0", " 0", " 23", "29"], ["30", "  1"]),
        ("Exk", ["0", " 0", " 23"], ["24", "29"]),
        ("I", ["1", "01", "12"], ["0", "00", "13", " 1"]),
        ("l", ["0", " 1", "12", "19"], ["01", "20"]),
        ("Exl", ["0", " 1", "12"], ["01", "13"]),
        ("p", ["am", "PM", "Pm"], ["a", "a.m."]),
        ("M", ["0", "00", "59"], ["60"]),
        ("ExM", ["00", "59"], ["0", "60"]),
        ("S", ["0", "00", "61"], ["62"]),
        ("ExS", ["00", "61"], ["0", "62"]),
        ("f", ["0", "123456"], ["", "1234567"]),
        ("z", ["Z", "UTC", "GMT", "+00", "-19", "+0130", "+01:30"], ["CET", "+1", "+20", "utc", "01"]),
        ("Z", ["Z", "CET", "CEST", "VLAST"], ["A", "ET", "ABCDEF", "cet"]),
        ("ExZ", ["Z", "A", "CET", "VLAST"], ["ET", "ABCDEF", "cet"]),
        ("Exz", ["A", "CET", "+01", "CET+01", "PST-0800", "A+01:00"], ["ET", "CET+1", "cet", "1"]),
        ("j", ["1", "01", "001", "99", "366"], ["0", "000", "367"]),
        ("U", ["0", "00", "53"], ["54"]),
        ("W", ["0", "00", "53"], ["54"]),
        ("V", ["1", "01", "53"], ["00", "54"]),
        ("w", ["0", "6"], ["7"]),
        ("u", ["1", "7"], ["0"]),
        ("G", ["2023"], ["23"]),
        ("c", ["Mon Nov 14 23:13:20 2023", "mon  nov  4 3:1:2 2023"], ["Nov 14 23:13:20 2023"]),
        ("x", ["11/14/23", "1/2/23"], ["11/14/2023"]),
        ("X", ["23:13:20", "3:1:2"], ["24:00:00"]),
        ("%", ["%"], ["%%", ""]),
    ],
)
def test_a_token_matches_what_its_table_says(token: str, good: list[str], bad: list[str]) -> None:
    assert good == [text for text in [*good, *bad] if matches(token, text)]


@pytest.mark.parametrize(
    ("start", "good", "bad"),
    [
        (2023, ["2000", "2019", "2029"], ["1999", "2030"]),
        (2026, ["2029"], ["2030"]),
        (2027, ["2030", "2039"], ["2040"]),
        (1970, ["2000"], ["1970", "2010"]),
    ],
)
def test_a_plausible_year_is_in_a_decade_up_to_three_years_after_the_start(
    start: int, good: list[str], bad: list[str]
) -> None:
    assert good == [text for text in [*good, *bad] if matches("ExY", text, start)]


@pytest.mark.parametrize(
    ("token", "text", "expected"),
    [
        ("m", "12", "1"),
        ("d", "31", "3"),
        ("d", "29", "29"),
        ("H", "23", "2"),
        ("H", "19", "19"),
        ("S", "61", "6"),
        ("k", "29", "29"),
    ],
)
def test_without_boundaries_the_first_alternative_counts(token: str, text: str, expected: str) -> None:
    match = re.match(expand(f"%{token}", 2023).regex, text)
    assert match
    assert expected == match[0]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("%Y-%m-%d", "Year-Month-Day"),
        ("%ExY%Exy%Exm%Exd", "ExYearExYear2ExMonthExDay"),
        ("%y %b %B %a %A", "Year2 MON MONTH DAY DAYNAME"),
        ("%H:%M:%S.%f", "24hour:Minute:Second.Microseconds"),
        ("%ExH:%ExM:%ExS", "Ex24hour:ExMinute:ExSecond"),
        ("%I %p %z %Exz", "12hour AMPM Zone offset ExZone offset"),
        ("%Z %ExZ %j %U %W %w", "Zone name ExZone name Yearday Yearweek Yearweek Weekday"),
        ("%k %l %Exk %Exl %V %c", "%k %l %Exk %Exl %V %c"),
        ("100%%Y", "100%Y"),
    ],
)
def test_the_name_of_a_pattern_has_words_in_place_of_tokens(pattern: str, expected: str) -> None:
    assert expected == expand(pattern, 2023).name


def test_case_is_of_no_matter_where_a_token_matches_words() -> None:
    patterns = {
        "%b": True,
        "%B": True,
        "%a": True,
        "%A": True,
        "%p": True,
        "%c": True,
        "%Y %Z": False,
        "%%b": False,
    }
    assert patterns == {pattern: expand(pattern, 2023).is_caseless for pattern in patterns}


@pytest.mark.parametrize("pattern", ["%q", "%Exq", "%E", "5%", "%5", "%(Y)s", "%\n"])
def test_an_unknown_token_or_a_lone_percent_sign_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="write %% for a percent sign"):
        expand(pattern, 2023)


@given(st.text(alphabet="%YExmdbHz-: ", max_size=20))
def test_a_pattern_is_expanded_or_refused_whatever_it_is(pattern: str) -> None:
    with suppress(ValueError):
        expand(pattern, 2023)
