from __future__ import annotations

import pytest

from banish.adapters.scanners import history
from banish.adapters.scanners.history import History, Past
from banish.core.model import Cursor, Instant, Lines


def past(block: bytes, source: str = "log", now: float = 0) -> Past:
    return Past(Lines(source, block, Cursor(source, ""), live=True), ("sshd",), Instant(now))


def blocks(kept: History, source: str = "log", number: int = 0) -> list[bytes]:
    return [each.lines.block for each in kept.since(source, number)]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setattr(history, "MOST_BYTES", 10)
    monkeypatch.setattr(history, "MOST_OF_ALL", 25)
    return History()


def test_blocks_are_kept_by_source_with_the_clock_of_then(kept: History) -> None:
    assert [1, 2, 3] == [
        kept.add(past(b"a\n", now=1)),
        kept.add(past(b"b\n", "other", now=2)),
        kept.add(past(b"c\n", now=3)),
    ]
    assert [past(b"a\n", now=1), past(b"c\n", now=3)] == kept.since("log", 0)
    assert [b"c\n"] == blocks(kept, number=1)
    assert [] == blocks(kept, number=3)
    assert [] == blocks(kept, "unheard")


def test_the_oldest_go_when_there_is_too_much(kept: History) -> None:
    for letter in (b"a", b"b", b"c"):
        kept.add(past(letter * 4 + b"\n"))
    assert [b"bbbb\n", b"cccc\n"] == blocks(kept)


def test_what_is_older_than_any_connection_goes_but_the_last_block_stays(kept: History) -> None:
    kept.add(past(b"a\n", now=0))
    assert [b"a\n"] == blocks(kept)
    kept.add(past(b"b\n", now=301))
    assert [b"b\n"] == blocks(kept)


def test_of_a_long_block_the_last_lines_are_kept(kept: History) -> None:
    kept.add(past(b"first\nsecond\nthird\n"))
    assert [b"third\n"] == blocks(kept)
    kept.add(past(b"12345\n123456789\n"))
    assert [b"123456789\n"] == blocks(kept)


def test_the_source_that_was_quiet_for_longest_is_forgotten(kept: History) -> None:
    for source in ("a", "b", "a", "c", "d"):
        kept.add(past(b"1234\n", source))
    kept.add(past(b"1234\n", "c"))
    assert [0, 2, 2, 1] == [len(blocks(kept, source)) for source in "bacd"]
