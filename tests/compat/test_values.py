import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat import values
from banish.compat.hittags import Template
from banish.core.config import IgnoreCache, LogPath
from banish.core.errors import ConfigError
from banish.core.model import FOREVER, Seconds
from banish.core.settings import JAIL, SERVER, Kind, Setting


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        *(
            (3723, "1h 2m 3s"),
            (129600, "1d12h"),
            (15778800, "1year-6mo"),
            (15778800, "6 months"),
            (600, "10m"),
        ),
        *((600, "10 m"), (-1, "-1"), (5400, "1hour+30min"), (5400, "1.5h"), (604800, "1w"), (2629800, "1mo")),
        *((2629800, "1MO"), (60, "1M"), (31557600, "1y"), (3630, "1h30"), (86402, "1 d 2"), (1000, "1_000")),
        *(
            (600, "600 "),
            (6, "2*3"),
            (600, " 600"),
            (3, "1\n2"),
            (1, "7%3"),
            (3, "7//2"),
            (8, "(1+3)*2"),
            (0, "0"),
        ),
    ],
)
def test_durations_are_read_as_the_original_reads_them(expected: float, text: str) -> None:
    assert expected == values.seconds(text)


@pytest.mark.parametrize(
    "unit", ["s ss se sec second seconds", "m mm mi min minute minutes", "h hh ho hou hour hours"]
)
def test_units_have_many_spellings(unit: str) -> None:
    assert 1 == len({values.seconds(f"7{spelling}") for spelling in unit.split()})


@pytest.mark.parametrize(
    "text",
    [
        "3mmm",
        "",
        "abc",
        "0x10",
        "1 2 3",
        "1e3",
        "1**2",
        "9" * 400,
        "9" * 2000,
        "1/0",
        "5 (2)",
        "1.2.3",
        "٣",
        "10 mins",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="not a duration; write 600, 10m or 1h 30m"):
        values.seconds(text)


@given(st.text(alphabet="0123456789 smhdwy.*/+-%()_"))
def test_no_text_is_too_odd_for_a_duration(text: str) -> None:
    with contextlib.suppress(ConfigError):
        values.seconds(text)


def test_minus_one_is_for_ever_and_only_for_bans() -> None:
    assert FOREVER == values.ban_seconds("-1")
    assert Seconds(-1.0) == values.seconds("-1")


def test_bans_last_whole_seconds() -> None:
    assert [1, -2] == [int(values.ban_seconds(text)) for text in ("1.9", "-2")]


@pytest.mark.parametrize(
    ("expected", "word"), [(True, "1 on TRUE Yes"), (False, "0 off false no maybe enabled 2")]
)
def test_every_word_but_four_is_a_no(expected: bool, word: str) -> None:  # noqa: FBT001 - a parameter of the table
    assert {expected} == {values.flag(each) for each in word.split()}


def test_lists_are_split_at_blanks_and_commas() -> None:
    assert ("1.2.3.4", "::1", "a.example", "10.0.0.0/8") == values.words(
        "1.2.3.4, ::1,,a.example\n 10.0.0.0/8,"
    )


def test_paths_may_say_where_to_begin() -> None:
    expected = (LogPath("/a"), LogPath("/b", from_end=True), LogPath("/c *"), LogPath("/d "))
    assert expected == values.paths("/a\n/b TAIL\n\n/c * head\n/d  head")


def test_a_path_with_a_blank_is_refused() -> None:
    with pytest.raises(ConfigError, match='"b" is neither head nor tail'):
        values.paths("/a b")


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ConfigError, match="null byte"):
        values.paths("/a\0b")


def test_numbers_and_factors_are_read() -> None:
    assert (1, 5, 30) == values.numbers("1 5\n30")
    assert values.factor("2.0 / 2.885385") == pytest.approx(0.6931484)


@pytest.mark.parametrize("text", ["x", "1.5", "", "0x1"])
def test_a_whole_number_has_only_digits(text: str) -> None:
    with pytest.raises(ConfigError, match="not a whole number"):
        values.whole(text)


def test_a_cache_has_a_key_a_size_and_a_time() -> None:
    assert IgnoreCache(Template("<ip>"), 5, Seconds(120)) == values.cache(
        'key="<ip>", max-count=5, max-time=2m'
    )
    assert IgnoreCache(Template("<ip>"), 100, Seconds(300)) == values.cache('key="<ip>"')
    assert values.cache(" ") is None


@pytest.mark.parametrize(
    ("complaint", "text"),
    [
        ("no key given", "max-count=5"),
        ("no option size; there are key", 'key="<ip>", size=5'),
        ("max-count is too small", 'key="<ip>", max-count=0'),
        ("not a whole number", 'key="<ip>", max-count=many'),
        ("not a duration", 'key="<ip>", max-time=soon'),
    ],
)
def test_a_cache_that_makes_no_sense_is_refused(complaint: str, text: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        values.cache(text)


def test_a_number_below_the_least_that_makes_sense_is_refused() -> None:
    with pytest.raises(ConfigError, match="too small; write 1 or more"):
        values.read(JAIL["maxretry"], "0")
    assert 1 == values.read(JAIL["maxretry"], "1")


def test_an_empty_text_unsets_how_bans_grow() -> None:
    assert (None, None) == (
        values.read(JAIL["bantime.maxtime"], ""),
        values.read(JAIL["bantime.formula"], " "),
    )
    assert values.read(JAIL["bantime.overalljails"], "") is False


@pytest.mark.parametrize(("expected", "text"), [("auto", "AUTO"), ("yes", "on"), ("no", "0")])
def test_a_choice_is_spelled_as_the_table_spells_it(expected: str, text: str) -> None:
    assert expected == values.read(SERVER["allowipv6"], text)


def test_a_word_that_is_no_choice_is_refused_or_taken_for_another() -> None:
    with pytest.raises(ConfigError, match="none of keep, remove; write one of them"):
        values.read(SERVER["bans_on_stop"], "")
    assert "no" == values.read(JAIL["usedns"], "perhaps")


@pytest.mark.parametrize(
    ("expected", "name", "text"),
    [
        ("neither yes nor no, and therefore taken for no; write yes or no", "enabled", "ture"),
        ("none of yes, warn, no, raw, and therefore taken for no; write one of them", "usedns", "perhaps"),
        ("bans are over before they begin; write 10m, or -1 for bans that do not end", "bantime", "0"),
        ("", "bantime", "-1"),
        ("", "enabled", "Yes"),
        ("", "usedns", "raw"),
    ],
)
def test_what_can_be_read_may_be_doubtful(expected: str, name: str, text: str) -> None:
    assert expected == values.doubt(JAIL[name], text)


def test_lines_leave_out_blank_ones() -> None:
    assert ("a", " b") == values.read(Setting("x", Kind.LINES, ""), "a\n \n b\n")


def test_a_number_may_be_left_to_the_program() -> None:
    assert (None, None, 0, 12) == tuple(map(values.automatic, ("auto", " AUTO ", "0", " 12 ")))
    for text in ("", "-1", "1.5", "many"):
        with pytest.raises(ConfigError, match="neither auto nor a number"):
            values.automatic(text)
