"""Lines in, dates out: the results of the reference, and what it gets wrong."""

from datetime import UTC, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banish.core.dates import Dated, DateReader
from banish.core.errors import RuleError
from banish.core.model import Instant

NOW = Instant(1_700_000_000)  # 2023-11-14 23:13:20 in Central Europe
START = 2023


def first(zone: tzinfo, line: str, *patterns: str, logtimezone: str = "") -> Dated | None:
    """Read one line with a reader that has learned nothing yet."""
    return DateReader(patterns, zone, START, logtimezone).read(line, NOW)


REFERENCE = [
    ("2023-11-14T22:13:20Z h", "", "2023-11-14T22:13:20Z", 1700000000),
    ("2023-11-14 17:13:20 -05 h", "", "2023-11-14 17:13:20 -05", 1700000000),
    ("2023-11-14 17:13:20 EST h", "", "2023-11-14 17:13:20", 1699978400.0),
    ("[14/Nov/2023:23:13:20 +0100] x", "[", "14/Nov/2023:23:13:20 +0100", 1700000000),
    (
        '1.2.3.4 - - [14/Nov/2023:23:13:20 +0100] "GET',
        "1.2.3.4 - - [",
        "14/Nov/2023:23:13:20 +0100",
        1700000000,
    ),
    ("11-14-2023 23:13:20.252", "", "11-14-2023 23:13:20.252", 1700000000.0),
    ("05-06-2023 23:13:20", "", "05-06-2023 23:13:20", 1685999600.0),
    ("231114  3:13:20", "", "231114  3:13:20", 1699928000.0),
    ("20231114T231320", "", "20231114T231320", 1700000000.0),
    ("20231114-23:13:20", "", "20231114-23:13:20", 1700000000.0),
    ("20231114 231320", "", "20231114 231320", 1700000000.0),
    ("Nov 14, 2023 11:13:20 PM", "", "Nov 14, 2023 11:13:20 PM", 1700000000.0),
    ("<11/14/23@23:13:20> x", "", "<11/14/23@23:13:20>", 1700000000.0),
    ("23:13:21 x", "", "23:13:21", 1699913601.0),
    ("Nov 16 00:00:00 h", "", "Nov 16 00:00:00", 1668553200.0),
    ("Nov 15 23:00:00 h", "", "Nov 15 23:00:00", 1700085600.0),
    ("*** Nov 14 23:13:20 x", "*** ", "Nov 14 23:13:20", 1700000000.0),
    ("type=X msg=audit(1700000000.123:45): y", "type=X msg=audit(", "1700000000.123", 1700000000.123),
    ("@4000000065540a2a1234abcd x", "", "@4000000065540a2a1234abcd", 1700006442),
]


@pytest.mark.parametrize(("line", "before", "text", "at"), REFERENCE)
def test_a_line_is_cut_and_dated_as_the_reference_does(
    zone: tzinfo, line: str, before: str, text: str, at: float
) -> None:
    expected = Dated(before, text, line[len(before) + len(text) :], Instant(at))
    assert repr(expected) == repr(first(zone, line))  # repr: an integer is not a float


@pytest.mark.parametrize(
    ("pattern", "line", "at", "logtimezone"),
    [
        ("%I:%M(?: %p)?", "11:14 PM", 1699913640.0, ""),
        ("%Y %j %H", "2023 321 23", 1700258400.0, ""),
        ("%Y %W %w %H", "2023 46 2 23", 1699999200.0, ""),
        ("%Y-%m-%d %H:%M:%S", "2023-11-14 23:13:20", 1700009000, "UTC-0130"),
        ("LEPOCH", "1700000000123456", 1700000000.123456, "UTC-0130"),
    ],
)
def test_a_pattern_of_ones_own_reads_as_the_reference_does(
    zone: tzinfo, pattern: str, line: str, at: float, logtimezone: str
) -> None:
    expected = Dated("", line, "", Instant(at))
    assert repr(expected) == repr(first(zone, line, pattern, logtimezone=logtimezone))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Nov 14 23:13:61 x", "Nov 14 23:13:61"),
        ("Nov 14 24:13:20 x", "Nov 14 24:13:20"),
        ("Feb 29 10:00:00 x", "Feb 29 10:00:00"),
        ("2023-02-30 10:00:00 x", "2023-02-30 10:00:00"),
        ("ABCD May 06 07:08:09 x", "ABCD May 06 07:08:09"),  # the reference loses such a line
        ("info May 06 07:08:09 x", "info May 06 07:08:09"),
        ("z May 06 07:08:09 x", "z May 06 07:08:09"),
    ],
)
def test_a_text_that_is_no_time_is_cut_out_without_a_time(zone: tzinfo, line: str, text: str) -> None:
    zoned = "{^LN-BEG}(?:%Z )?(?:%a )?%b %d %k:%M:%S"
    patterns = [] if line[0] in "NF2" else [zoned]
    assert Dated("", text, " x", None) == first(zone, line, *patterns)


def test_a_month_without_a_day_is_no_time(zone: tzinfo) -> None:
    assert Dated("", "2023-11", " x", None) == first(zone, "2023-11 x", "%Y-%m")


@pytest.mark.parametrize("line", ["1999-11-14 10:00:00", "2030-01-01 10:00:00", "no date"])
def test_a_line_without_a_date_is_told_from_one_with_a_wrong_date(zone: tzinfo, line: str) -> None:
    assert first(zone, line) is None


@pytest.mark.parametrize("line", ["", "any line", "2023-11-14 10:00:00 x"])
def test_a_pattern_may_say_that_lines_have_no_date(zone: tzinfo, line: str) -> None:
    assert Dated("", "", line, None) == first(zone, line, "{NONE}")


def test_an_empty_group_or_one_that_took_no_part_is_no_date(zone: tzinfo) -> None:
    assert Dated("", "", "10:11 x", None) == first(zone, "10:11 x", "(foo)?%H:%M")
    assert Dated("", "", "10:11 x", None) == first(zone, "10:11 x", "(^|x)%H:%M")


def test_a_group_of_ones_own_decides_what_is_cut_out(zone: tzinfo) -> None:
    dated = first(zone, "2023 foo bar", "%Y (foo)")
    assert dated
    assert ("", "2023", " foo bar") == (dated.before, dated.text, dated.after)


def test_the_defaults_can_be_added_to_patterns_of_ones_own(zone: tzinfo) -> None:
    reader = DateReader(["at %H h", "{DEFAULT}"], zone, START)
    expected = 32
    assert expected == len(reader.templates())
    assert all(reader.read(line, NOW) for line in ("at 10 h", "2023-11-14 10:00:00", "Nov 14 10:00:00"))


@pytest.mark.parametrize("patterns", [[], [""], [" ", ""], ["{DEFAULT}"], [" {DEFAULT} "]])
def test_without_a_pattern_the_defaults_are_read(zone: tzinfo, patterns: list[str]) -> None:
    assert DateReader([], zone, START).templates() == DateReader(patterns, zone, START).templates()


def test_many_defaults_twice_are_no_mistake_but_a_pattern_twice_is(zone: tzinfo) -> None:
    expected = 31
    assert expected == len(DateReader(["{^LN-BEG}Epoch", "{^LN-BEG}", "{DEFAULT}"], zone, START).templates())
    one_more = 32
    assert one_more == len(DateReader(["{^LN-BEG}", "{DATE}"], zone, START).templates())
    with pytest.raises(RuleError, match=r'datepattern "%H:%M": means the same as one before it; remove one'):
        DateReader(["%H:%M", "%S", "%H:%M"], zone, START)


def test_what_cannot_be_used_is_refused_with_its_name(zone: tzinfo) -> None:
    with pytest.raises(RuleError, match='datepattern "%q"'):
        DateReader(["%Y", "%q"], zone, START)
    with pytest.raises(RuleError, match='logtimezone = "Europe/Berlin"'):
        DateReader([], zone, START, "Europe/Berlin")


def test_a_format_at_the_start_keeps_dates_in_messages_out(zone: tzinfo) -> None:
    reader = DateReader([], zone, START)
    lines = [
        "Nov 14 10:00:00 a",
        "Nov 14 10:00:01 b [2023-11-14 09:00:00]",
        "2023-11-14 10:00:02 c Nov 3 09:00:00",
    ]
    dated = [reader.read(line, NOW) for line in lines]
    assert [" a", " b [2023-11-14 09:00:00]", " c Nov 3 09:00:00"] == [each.after for each in dated if each]


def test_readers_learn_apart(zone: tzinfo) -> None:
    one, other = DateReader([], zone, START), DateReader([], zone, START)
    one.read("20231114T231320 x", NOW)
    hits = [max(hits for _, hits in reader.templates()) for reader in (one, other)]
    assert hits == [1, 0]
    assert one.templates() != other.templates()


def test_the_ranking_shows_what_was_learned(zone: tzinfo) -> None:
    reader = DateReader(["%H:%M", "%Y-%m-%d", "EPOCH"], zone, START)
    for line in ("1700000000", "2023-11-14", "1700000000 2023-11-14"):
        reader.read(line, NOW)
    assert [("Epoch", 2), ("Year-Month-Day", 1), ("24hour:Minute", 0)] == list(reader.templates())


DATES = (
    "Nov 14 10:00:00",
    "2023-11-14T10:00:00Z",
    "1700000000.1",
    "@4000000065540a2a1234abcd",
    "31/Feb/2023:10:00:00",
)
PIECES = st.sampled_from(
    [*DATES, "[", "] ", " ", "x", "audit(", "é", "\u0661", "\udc80", "\x00", "CET ", "+99:99", ":"]
)


@settings(max_examples=50)
@given(st.lists(st.lists(PIECES, max_size=5).map("".join), max_size=6))
def test_any_line_is_read_and_nothing_of_it_is_lost(lines: list[str]) -> None:
    for patterns in ([], ["{NONE}", "{DEFAULT}"], ["{DATE}", "()|x"]):
        reader = DateReader(patterns, UTC, START)
        for line in lines:
            dated = reader.read(line, NOW)
            assert dated is None or line == dated.before + dated.text + dated.after
