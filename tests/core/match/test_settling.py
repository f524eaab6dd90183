"""Which state the dates of a log are in."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.core.match.logs import NOON

from banish.core.dates import DateReader
from banish.core.match.floating import Floating
from banish.core.match.settling import settled
from banish.core.match.steady import Dateless, Steady


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ((), Dateless),
        (("no date",), Dateless),
        (("2026-01-01 10:00:00 x",), Steady),
        (("x [01/Jan/2026:10:00:00] y",), Floating),
        (("x [01/Jan/2026:10:00:00] y", "2026-01-01 10:00:00 x"), Steady),
    ],
)
def test_the_last_date_tells(lines: tuple[str, ...], state: type) -> None:
    dates = DateReader((), UTC, 2026)
    for line in lines:
        dates.read(line, NOON)
    assert isinstance(settled(dates), state)
    assert settled(dates).is_so(dates)
