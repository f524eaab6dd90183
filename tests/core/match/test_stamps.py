"""Dates by their text: what was read once is told again, and so are other seconds of its minute."""

from __future__ import annotations

import pytest
from tests.core.match.logs import NOON, rules

from banish.core.dates import Peek
from banish.core.dates.pattern import templates
from banish.core.match.found import Cut
from banish.core.match.stamps import Stamps, second_in
from banish.core.model import Instant

LINE = "2026-01-01 11:00:05 x"


def peek(line: str = LINE) -> Peek:
    reader = rules("(?P<ip4>x)").dates()
    reader.read(line, NOON)
    found = reader.peek(line, NOON)
    assert found is not None
    return found


def test_seconds_of_a_known_minute_are_told() -> None:
    stamps, seen = Stamps(Cut(0, 19), 20, 17), peek()
    assert stamps.tell(LINE) is None
    stamps.add(LINE, seen.at, seen)
    assert {"2026-01-01 11:00:05 ": seen.at} == stamps.read
    assert seen.at + 54 == stamps.tell("2026-01-01 11:00:59 y")
    assert stamps.tell("2026-01-01 11:00:60 y") is None
    assert stamps.tell("2026-01-01 11:01:05 y") is None


def test_without_a_place_for_seconds_none_is_told() -> None:
    stamps, seen = Stamps(Cut(0, 19), 20, None), peek()
    stamps.add(LINE, seen.at, seen)
    assert stamps.tell(LINE) is None


def test_all_can_be_forgotten() -> None:
    stamps, seen = Stamps(Cut(0, 19), 20, 17), peek()
    stamps.add(LINE, seen.at, seen)
    stamps.clear()
    assert {} == stamps.read
    assert stamps.tell(LINE) is None


def test_full_tables_begin_anew(inside: pytest.MonkeyPatch) -> None:
    inside.setattr("banish.core.match.stamps._MOST", 1)
    stamps = Stamps(Cut(0, 19), 20, 17)
    for line in (LINE, "2026-01-01 11:01:05 x"):
        seen = peek(line)
        stamps.add(line, seen.at, seen)
    assert ["2026-01-01 11:01:05 "] == list(stamps.read)
    assert stamps.tell(LINE) is None
    stamps.keep(LINE, Instant(5))
    assert {"2026-01-01 11:00:05 ": Instant(5)} == stamps.read


def test_another_second_must_be_found_in_the_same_way() -> None:
    iso = templates("{^LN-BEG}", 2026)[0]
    assert 17 == second_in(iso, LINE, peek())
    only_low = templates(r"%Y-%m-%d %H:%M:(?P<S>0\d)", 2026)[0]
    assert second_in(only_low, LINE, peek()) is None
    assert second_in(iso, LINE, peek()._replace(second=None)) is None
    assert second_in(iso, LINE, peek()._replace(stop=3)) is None
    moved = templates(r"%Y-%m-%d %H:(?P<S>\d\d):%M", 2026)[0]
    assert second_in(moved, LINE, peek()) is None
