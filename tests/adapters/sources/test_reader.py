from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banish.adapters.sources.position import Position
from banish.adapters.sources.reader import BLOCK, FIRST_LINE, GAP, LONGEST_LINE, MARK, Reader

Write = Callable[[Path, bytes], None]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "x.log"


@pytest.fixture
def open_log(log: Path) -> Iterator[Callable[[bytes], Reader]]:
    readers = []

    def opened(content: bytes) -> Reader:
        log.write_bytes(content)
        readers.append(Reader(str(log)))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.close()


def everything(reader: Reader) -> bytes:
    blocks = [reader.read()]
    while not reader.at_end:
        blocks.append(reader.read())
    return b"".join(blocks)


Opened = Callable[[bytes], Reader]


def test_only_complete_lines_are_delivered(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"one\ntwo\nthr")
    assert (b"one\ntwo\n", True, True) == (reader.read(), reader.at_end, reader.has_partial)
    write(log, b"ee")
    assert b"" == reader.read()
    write(log, b"\n")
    assert b"three\n" == reader.read()
    assert not reader.has_partial


def test_any_bytes_are_delivered_as_they_are(open_log: Opened) -> None:
    content = b"\0\0\n\xff\xfe\n\r\n\n\x0c\x0b\x1c\x85\r\r\n"
    assert content == open_log(content).read()


def test_blocks_are_not_large_and_end_with_a_line(open_log: Opened) -> None:
    content = b"0123456789\n" * 300_000
    reader = open_log(content)
    blocks = []
    while block := reader.read():
        blocks.append(block)
    assert content == b"".join(blocks)
    assert all(len(block) < BLOCK + len(b"0123456789\n") and block.endswith(b"\n") for block in blocks)
    assert 13 == len(blocks)


def test_a_line_of_a_mebibyte_is_whole_and_a_longer_one_is_cut(open_log: Opened) -> None:
    whole, longer = b"a" * LONGEST_LINE + b"\n", b"b" * (3 * LONGEST_LINE) + b"\n"
    reader = open_log(whole + longer + b"next\n")
    assert whole + b"b" * LONGEST_LINE + b"\nnext\n" == everything(reader)
    assert 1 == reader.cuts


def test_a_long_line_is_skipped_over_a_restart(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"a" * (LONGEST_LINE + 10))
    assert b"a" * LONGEST_LINE + b"\n" == everything(reader)
    position = reader.position
    assert position.is_cut
    write(log, b"rest\nnext\n")
    again = Reader(str(log))
    assert again.goto(position)
    assert b"next\n" == everything(again)
    again.close()


def test_a_line_that_grows_slowly_is_put_together(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"first\n")
    assert b"first\n" == reader.read()
    for piece in (b"a" * 100, b"b" * MARK, b"c", b"d\ne"):
        assert b"" == reader.read()
        write(log, piece)
    assert b"a" * 100 + b"b" * MARK + b"cd\n" == reader.read()
    assert b"e\n" == reader.flush()
    assert not reader.has_partial


def test_a_hole_before_a_line_is_passed_over(open_log: Opened, log: Path) -> None:
    reader = open_log(b"one\n")
    with log.open("r+b") as file:
        file.seek(1 << 40)
        file.write(b"two\n")
    assert b"one\ntwo\n" == everything(reader)


def test_a_hole_inside_a_line_is_passed_over(open_log: Opened, log: Path) -> None:
    reader = open_log(b"one\nhalf")
    with log.open("r+b") as file:
        file.seek(1 << 40)
        file.write(b"rest\ntwo\n")
    assert b"one\nhalf" + b"\0" * (LONGEST_LINE - 4) + b"\ntwo\n" == everything(reader)


def test_a_hole_up_to_the_end_does_not_stall(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"one\n")
    os.truncate(log, 1 << 40)
    assert b"one\n" == everything(reader)
    assert 1 << 40 == reader.offset
    write(log, b"two\n")
    assert b"two\n" == everything(reader)


def test_more_than_a_mebibyte_of_nuls_is_no_line(open_log: Opened) -> None:
    reader = open_log(b"\0" * (LONGEST_LINE + GAP) + b"two\n" + b"\0" * GAP + b"a" * LONGEST_LINE + b"\n")
    assert b"\0" * GAP + b"two\n" + b"a" * LONGEST_LINE + b"\n" == everything(reader)
    assert 0 == reader.cuts


def test_a_limit_is_not_passed(open_log: Opened) -> None:
    reader = open_log(b"one\ntwo\n")
    assert (b"one\n", True) == (reader.read(5), reader.at_end)
    assert (b"", True) == (reader.read(5), reader.at_end)
    assert b"two\n" == reader.read(8)


@pytest.mark.parametrize("content", [b"", b"on", b"one\ntw2\n", b"One\ntwo\nthree\n"])
def test_other_content_is_noticed(open_log: Opened, log: Path, content: bytes) -> None:
    reader = open_log(b"one\ntwo\n")
    reader.read()
    log.write_bytes(content)
    assert b"" == reader.read()
    assert reader.is_replaced
    reader.restart()
    assert content[: content.rfind(b"\n") + 1] == reader.read()


def test_a_position_is_found_only_where_the_same_was_read(open_log: Opened, log: Path) -> None:
    reader = open_log(b"one\ntwo\nthree\n")
    reader.read(8)
    position = reader.position
    for content, is_found in (
        (b"one\ntwo\n", True),
        (b"one\ntwo", False),
        (b"oNe\ntwo\n", False),
        (b"one\ntwO\n", False),
    ):
        log.write_bytes(content)
        again = Reader(str(log))
        assert is_found == again.goto(position)
        again.close()
    assert reader.goto(Position(*reader.key, 0))


def test_the_same_last_bytes_under_another_first_line_are_no_position(open_log: Opened, log: Path) -> None:
    reader = open_log(b"one\n" + b"a" * MARK + b"\n")
    reader.read()
    log.write_bytes(b"two\n" + b"a" * MARK + b"\n")
    assert not reader.goto(reader.position)


def test_a_very_long_first_line_is_known_by_its_start(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"a" * FIRST_LINE * 2 + b"\n")
    reader.read()
    position = reader.position
    write(log, b"b\n")
    assert b"b\n" == reader.read()
    assert reader.goto(position)
    assert b"b\n" == reader.read()


@pytest.mark.parametrize(("offset", "start"), [(-5, 0), (0, 0), (3, 0), (4, 4), (5, 4), (9, 8), (99, 8)])
def test_an_offset_is_taken_back_to_the_start_of_its_line(open_log: Opened, offset: int, start: int) -> None:
    reader = open_log(b"one\ntwo\nthr")
    reader.goto_line(offset)
    assert start == reader.offset


def test_inside_a_long_line_is_before_the_next_one(open_log: Opened) -> None:
    reader = open_log(b"a" * (2 * LONGEST_LINE) + b"\nnext\n")
    reader.goto_line(2 * LONGEST_LINE - 1)
    assert b"next\n" == everything(reader)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.binary(max_size=6).filter(lambda line: b"\n" not in line)), st.integers(-2, 60))
def test_lines_start_at_or_behind_an_offset(log: Path, lines: list[bytes], offset: int) -> None:
    content = b"".join(line + b"\n" for line in lines)
    log.write_bytes(content + b"partial")
    reader = Reader(str(log))
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    expected = [(start, line + b"\n") for start, line in zip(starts, lines, strict=True) if start >= offset]
    assert expected == reader.lines(offset)
    reader.close()


def test_a_change_is_told_once(open_log: Opened, log: Path, write: Write) -> None:
    reader = open_log(b"one\n")
    reader.read()
    assert not reader.changed(log.stat())
    assert reader.is_spent()
    os.utime(log, ns=(1, 1))
    assert reader.changed(log.stat())
    assert not reader.changed(log.stat())
    write(log, b"two\n")
    assert reader.changed(log.stat())
    assert not reader.is_spent()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_only_regular_files_are_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    with pytest.raises(OSError, match="not a regular file"):
        Reader(str(tmp_path / "x"))


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_any_size_give_the_same_lines(open_log: Opened, log: Path, write: Write, seed: int) -> None:
    rng = random.Random(seed)
    content = b"".join(rng.randbytes(rng.randrange(300)).replace(b"\n", b"") + b"\n" for _ in range(200))
    reader, found, at = open_log(b""), b"", 0
    while at < len(content):
        piece = content[at : at + rng.randrange(400)]
        write(log, piece)
        at += len(piece)
        found += reader.read()
        if rng.random() < 0.2:
            position = reader.position
            reader.restart()
            assert reader.goto(position)
    assert content == found + reader.read()
