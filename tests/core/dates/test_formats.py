"""The formats that are known without being told: one line for each, alone, at the start and inside."""

from datetime import tzinfo

import pytest

from banish.core.dates.formats import FORMATS
from banish.core.dates.reader import DateReader
from banish.core.model import Instant

NOW = Instant(1_700_000_000)
MAY = 1714972089  # 6 May 2024, 7:08:09 in summer
NOVEMBER = 1_700_000_000

ALONE = [
    ("2024-05-06T07:08:09.123+02:00", MAY),
    ("2024/05/06 07:08:09,1", MAY),
    ("2024.05.06  7:08:09", MAY),
    ("2024-5-6 05:08:09Z", MAY),
    ("Mon May  6 07:08:09 2024", MAY),
    ("May 6 07:08:09.123 2024", MAY),
    ("nov 14  2:13:20", NOVEMBER - 21 * 3600),
    ("Mon May 06 2024 07:08:09", MAY),
    ("06/05/2024 07:08:09", MAY),
    ("06-05-24  7:08:09", MAY),
    ("06/May/2024:07:08:09 +0200", MAY),
    ("06-May-2024 07:08:09.5", MAY),
    ("06/May/202407:08:09", MAY),
    ("05/06/2024:07:08:09", MAY),
    ("05-26-2024 07:08:09.252", MAY + 20 * 86400),
    ("1714972089.123", MAY + 0.123),
    ("23:13:20", NOVEMBER),
    ("<05/06/24@07:08:09>", MAY),
    ("240506  7:08:09", MAY),
    ("May 06, 2024 07:08:09 AM", MAY),
    ("May-06-24 07:08:09", MAY),
    ("20240506T070809", MAY),
    ("20240506-07:08:09", MAY),
    ("20240506  07:0809,1 +0200", MAY),
    ("PDT Nov 14 15:13:20", NOVEMBER),
    ("+01:00 Nov 14 23:13:20", NOVEMBER),
    ("@400000006638649fd1234abc", 0x6638649F),
]


def read(zone: tzinfo, line: str) -> tuple[str, str, float | None] | None:
    """What stands before the date, the date, and its time, for a reader that has learned nothing yet."""
    dated = DateReader((), zone, 2024).read(line, NOW)
    return (dated.before, dated.text, dated.at) if dated else None


@pytest.mark.parametrize(("text", "expected"), ALONE)
def test_a_known_format_is_read_at_the_start_of_a_line(zone: tzinfo, text: str, expected: float) -> None:
    assert ("", text, expected) == read(zone, text)
    assert ("", text, expected) == read(zone, f"{text} host sshd")


@pytest.mark.parametrize(("text", "expected"), ALONE)
def test_a_known_format_is_read_inside_a_line_unless_it_is_too_short(
    zone: tzinfo, text: str, expected: float
) -> None:
    bound = text == "23:13:20" or text.startswith(("<", "May-", "17"))
    zoned = text.startswith(("PDT", "+"))
    found = read(zone, f"host is {text} here")
    if bound:
        assert found is None
    elif zoned:  # the same format without its zone comes first
        assert found
        assert text.endswith(found[1])
    else:
        assert ("host is ", text, expected) == found


@pytest.mark.parametrize(
    "line",
    [
        "x 1700000000 y",
        "x 23:13:20",
        "2035-11-14 23:13:20",
        "1999-11-14 23:13:20",
        "abc2023-11-14 23:13:20",
        "2023-11-14 23:13:200",
        "2023-11-14T23:13 x",
        "2023-11/14 23:13:20",
        "no date at all",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(zone: tzinfo, line: str) -> None:
    assert read(zone, line) is None


@pytest.mark.parametrize("text", ["05-06-2023 23:13:20", "05/06/2023 23:13:20"])
def test_the_day_comes_first_where_both_orders_are_possible(zone: tzinfo, text: str) -> None:
    june = 1685999600
    assert ("", text, june) == read(zone, text)


def test_the_order_is_that_of_the_list() -> None:
    assert ("Epoch", "TAI64N", 17) == (FORMATS[7], FORMATS[16], len(FORMATS))
