"""Entries into blocks of lines."""

from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from banish.adapters.journal import lines
from banish.adapters.journal.lines import Blocks
from banish.core.dates import DateReader
from banish.core.model import Cursor, Instant
from banish.core.rules import STAMP

AT = 1_795_168_801_500_000


def entry(message: object = "m", *, at: int = AT, cursor: str = "c") -> bytes:
    fields = {"MESSAGE": message, "_COMM": "x", "__CURSOR": cursor, "__REALTIME_TIMESTAMP": str(at)}
    return json.dumps(fields).encode() + b"\n"


def test_entries_become_lines_with_their_time() -> None:
    found = Blocks("j", UTC, AT + 1).feed(entry("a", cursor="1") + entry("b\nc", at=AT + 1, cursor="2"))
    assert found is not None
    assert b"2026-11-20T10:00:01.500000+0000 x: a\n2026-11-20T10:00:01.500001+0000 x: b\\nc\n" == found.block
    assert Cursor("j", "2") == found.cursor
    assert found.live
    old = Blocks("j", UTC, AT + 1).feed(entry())
    assert old is not None
    assert not old.live


@given(some.integers(0, 4_000_000_000_000_000), some.integers(-720, 720))
def test_the_time_of_a_line_is_read_back(at: int, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    found = Blocks("j", zone, 0).feed(entry(at=at))
    assert found is not None
    dated = DateReader((STAMP,), UTC, 2026).read(found.block.decode().rstrip("\n"), Instant(0))
    assert dated is not None
    assert "x: m" == dated.after
    assert Instant(at // 1_000_000) == dated.at  # as everywhere, the second counts


@given(some.lists(some.integers(1, 60), max_size=20))
def test_entries_come_out_however_they_are_cut(cuts: list[int]) -> None:
    stream = b"".join(entry(f"number {number}", cursor=str(number)) for number in range(5))
    blocks, found = Blocks("j", UTC, 0), b""
    for cut in [*cuts, len(stream)]:
        if lines := blocks.feed(stream[:cut]):
            found += lines.block
        stream = stream[cut:]
    assert [f"x: number {number}" for number in range(5)] == [
        line.split(" ", 1)[1] for line in found.decode().splitlines()
    ]


def test_what_is_no_entry_is_counted_and_left_out() -> None:
    blocks = Blocks("j", UTC, 0)
    odd = b"what\n[]\n{}\n" + b'{"__CURSOR": "x", "__REALTIME_TIMESTAMP": "soon"}\n' + b"\xff\n"
    found = blocks.feed(odd + entry())
    assert found is not None
    assert 1 == found.block.count(b"\n")
    assert 5 == blocks.bad
    assert blocks.feed(b"what\n") is None


def test_an_entry_that_is_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 200)
    blocks = Blocks("j", UTC, 0)
    assert blocks.feed(entry("x" * 300)[:250]) is None
    found = blocks.feed(entry("x" * 300)[250:] + entry("next"))
    assert found is not None
    assert found.block.endswith(b" x: next\n")
    assert 1 == blocks.bad


def test_what_is_not_complete_can_be_forgotten() -> None:
    blocks = Blocks("j", UTC, 0)
    assert blocks.feed(entry()[:20]) is None
    blocks.reset()
    assert blocks.feed(entry()) is not None


def test_the_entry_that_is_known_already_is_left_out() -> None:
    blocks = Blocks("j", UTC, 0)
    first = blocks.feed(entry("one"))
    assert first is not None
    blocks.reset(first.cursor.position)
    assert blocks.feed(entry("one")) is None
    assert 0 == blocks.bad


def test_a_line_is_one_line_whatever_a_program_is_called() -> None:
    fields = {"_COMM": "a\nb", "MESSAGE": "m", "__CURSOR": "c", "__REALTIME_TIMESTAMP": str(AT)}
    found = Blocks("j", UTC, 0).feed(json.dumps(fields).encode() + b"\n")
    assert found is not None
    assert found.block.endswith(b" a b: m\n")
