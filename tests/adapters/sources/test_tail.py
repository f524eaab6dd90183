"""Rotation in all its forms: nothing lost, nothing twice, in the order in which it was written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from banish.adapters.sources.state import Patience

if TYPE_CHECKING:  # the helpers of conftest cannot be imported at run time
    from tests.adapters.sources.conftest import Open, Reading

    Write = Callable[[Path, bytes], None]

QUICK = Patience(poll=0.01)


def restarted(reading: Open, source: Reading, *logs: Path) -> Reading:
    source.close()
    return reading(*logs, cursors=source.cursors)


def test_the_rest_of_a_renamed_file_comes_before_the_new_one(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, old = tmp_path / "x.log", tmp_path / "x.log.1"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    write(log, b"2\n")
    log.rename(old)
    write(old, b"3\n")
    write(log, b"4\n")
    write(old, b"late\n")
    assert source.there() == [b"2\n", b"3\n", b"late\n", b"4\n"]
    write(old, b"very late\n")
    assert source.next().block == b"very late\n"
    write(old, b"last\n")
    write(log, b"5\n")
    assert source.there() == [b"last\n", b"5\n"]


def test_a_renamed_file_is_read_on_while_there_is_no_new_one(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, old = tmp_path / "x.log", tmp_path / "x.log.1"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    log.rename(old)
    assert source.ask() is None
    assert not source.state().is_there
    write(old, b"2\n")
    assert source.next().block == b"2\n"
    write(log, b"3\n")
    lines = source.next()
    assert (lines.block, lines.live) == (b"3\n", True)


def test_a_deleted_file_is_read_on_until_it_is_replaced(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    with log.open("wb", buffering=0) as writer:
        writer.write(b"1\n")
        source = reading(log)
        assert source.there() == [b"1\n"]
        log.unlink()
        assert source.ask() is None
        writer.write(b"2\n")
        assert source.next().block == b"2\n"
        writer.write(b"3\n")
        write(log, b"4\n")
        assert source.there() == [b"3\n", b"4\n"]


def test_a_quiet_deleted_file_is_closed(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    source = reading(log, patience=Patience(poll=3600, linger=0))
    assert source.there() == [b"1\n"]
    log.unlink()
    assert source.ask() is None
    assert [] == source.source._tails[str(log)].readers
    write(log, b"2\n")
    assert source.next().block == b"2\n"


def test_quiet_rotated_files_are_closed(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    source = reading(log)
    for number in range(10):
        write(log, b"%d\n" % number)
        assert source.there() == [b"%d\n" % number]
        log.rename(tmp_path / f"x.log-2024010{number}")
    write(log, b"10\n")
    assert source.there() == [b"10\n"]
    assert len(source.source._tails[str(log)].readers) == 5


def test_a_last_line_without_end_is_ended_when_its_file_was_replaced(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, old = tmp_path / "x.log", tmp_path / "x.log.1"
    write(log, b"1\n2")
    source = reading(log, patience=QUICK)
    assert source.lines(1) == [b"1\n"]
    assert source.ask() is None
    log.rename(old)
    write(log, b"3\n")
    assert source.lines(2) == [b"2\n", b"3\n"]
    write(old, b" and a half\n")
    assert source.lines(1) == [b" and a half\n"]


def test_a_line_that_is_ended_after_the_rotation_stays_whole(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, old = tmp_path / "x.log", tmp_path / "x.log.1"
    write(log, b"1\n2")
    source = reading(log)
    assert source.there() == [b"1\n"]
    log.rename(old)
    write(log, b"3\n")
    assert source.ask() is None
    write(old, b" and a half\n")
    assert source.lines(2) == [b"2 and a half\n", b"3\n"]


def test_a_truncated_file_is_read_from_its_start(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n2\n")
    source = reading(log)
    assert source.there() == [b"1\n", b"2\n"]
    os.truncate(log, 0)
    assert source.ask() is None
    write(log, b"3\n")
    assert source.next().block == b"3\n"


def test_a_truncated_file_that_has_grown_again_is_noticed(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n2\n")
    source = reading(log)
    assert source.there() == [b"1\n", b"2\n"]
    os.truncate(log, 0)
    write(log, b"3\n4\n5\n6\n")
    assert source.there() == [b"3\n", b"4\n", b"5\n", b"6\n"]


def test_a_truncated_file_with_the_same_last_bytes_is_noticed_by_its_first_line(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, same = tmp_path / "x.log", b"the same in all files, longer than what is compared before each read\n"
    write(log, b"opened at 1\n" + same)
    source = reading(log)
    assert len(source.there()) == 2
    os.truncate(log, 0)
    write(log, b"opened at 2\n" + same + b"3\n")
    assert source.there() == [b"opened at 2\n", same, b"3\n"]


def test_the_rest_of_a_truncated_file_is_found_in_its_copy(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    write(tmp_path / "x.other", b"0\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    for number in range(2, 5):
        write(log, b"%d\n" % number)
        shutil.copy(log, tmp_path / f"x.log-2024010{number}")
        os.truncate(log, 0)
    write(log, b"5\n6\n7\n")
    assert source.there() == [b"2\n", b"3\n", b"4\n", b"5\n", b"6\n", b"7\n"]
    os.truncate(log, 0)
    assert source.ask() is None
    write(log, b"8\n")
    assert source.there() == [b"8\n"]


def test_a_file_that_was_truncated_twice_before_it_was_read_is_found_in_its_copies(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    for number in range(2, 4):
        shutil.copy(log, tmp_path / f"x.log-2024010{number}")
        os.truncate(log, 0)
        if number == 2:
            assert source.ask() is None
        write(log, b"%d\n" % number)
    assert source.there() == [b"2\n", b"3\n"]


def test_a_file_moved_away_and_back_goes_on(tmp_path: Path, reading: Open, write: Write) -> None:
    log, aside = tmp_path / "x.log", tmp_path / "aside"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    log.rename(aside)
    write(log, b"2\n")
    assert source.there() == [b"2\n"]
    aside.rename(log)
    assert source.ask() is None
    write(log, b"3\n")
    assert source.there() == [b"3\n"]


def test_a_rotated_file_that_is_followed_too_changes_hands(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, first, second = (tmp_path / name for name in ("x.log", "x.1.log", "x.2.log"))
    write(log, b"1\n")
    source = reading(tmp_path / "x*log")
    assert source.there() == [b"1\n"]
    for number in (2, 3):
        if first.exists():
            first.rename(second)
        log.rename(first)
        write(first, b"late %d\n" % number)
        write(log, b"%d\n" % number)
        assert {b"late %d\n" % number, b"%d\n" % number} == set(source.there())
    again = restarted(reading, source, tmp_path / "x*log")
    assert again.ask() is None
    again.close()
    second.rename(tmp_path / "x.3.log")
    first.rename(second)
    log.rename(first)
    write(log, b"4\n")
    assert reading(tmp_path / "x*log", cursors=again.cursors | source.cursors).there() == [b"4\n"]


def test_a_file_rotated_between_two_runs_is_read_to_its_end(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    source.close()
    write(log, b"2\n")
    log.rename(tmp_path / "x.log.2")
    write(tmp_path / "x.log.1", b"3\n")
    write(tmp_path / "x.log.3", b"long read\n")
    source = restarted(reading, source, log)
    assert source.there() == [b"2\n"]  # x.log.1 is seen when x.log is there
    write(log, b"4\n")
    assert source.there() == [b"3\n", b"4\n"]
    source = restarted(reading, source, log)
    assert source.ask() is None
    write(tmp_path / "x.log.2", b"late\n")
    assert source.next().block == b"late\n"


def test_a_pattern_whose_file_was_rotated_between_two_runs_is_read_to_its_end(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    source = reading(tmp_path / "*.log")
    assert source.there() == [b"1\n"]
    write(log, b"2\n")
    log.rename(tmp_path / "x.log.1")
    assert restarted(reading, source, tmp_path / "*.log").there() == [b"2\n"]


def test_a_file_truncated_between_two_runs_is_read_from_its_start(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n")
    source = reading(log)
    assert source.there() == [b"1\n"]
    write(log, b"2\n")
    shutil.copy(log, tmp_path / "x.log.1")
    os.truncate(log, 0)
    write(log, b"3\n4\n")
    source = restarted(reading, source, log)
    assert source.there() == [b"2\n", b"3\n", b"4\n"]
    os.truncate(log, 0)
    write(log, b"5\n")
    assert restarted(reading, source, log).there() == [b"5\n"]


def test_a_copy_that_is_read_already_is_not_read_again(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    source = reading(log)
    write(log, b"1\n")
    assert source.there() == [b"1\n"]
    shutil.copy(log, tmp_path / "x.log.1")
    for _ in range(2):
        os.truncate(log, 0)
        assert source.ask() is None
        write(log, b"1\n")
        assert source.there() == [b"1\n"]


def test_a_disk_error_is_reported_once_and_overcome(tmp_path: Path, reading: Open, write: Write) -> None:
    log, old = tmp_path / "x.log", tmp_path / "x.log.1"
    write(log, b"1\n")
    source = reading(log, patience=QUICK)
    assert source.lines(1) == [b"1\n"]
    log.rename(old)
    write(log, b"2\n")
    assert source.lines(1) == [b"2\n"]
    (tail,) = source.source._tails.values()
    directory = os.open(tmp_path, os.O_RDONLY)  # reading from it fails
    os.dup2(directory, tail.readers[0].fd)
    os.close(directory)
    write(old, b"late\n")
    write(log, b"3\n")
    assert source.lines(2) == [b"late\n", b"3\n"]
    assert source.notices == [f"{log}: Is a directory; tried again every 0.01 s"]
    assert source.state().error == ""


def test_a_start_that_cannot_be_found_is_looked_for_again(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log = tmp_path / "x.log"
    write(log, b"1\n2\n")
    answers: Iterator[OSError | int] = iter([OSError(5, "Input/output error"), OSError("odd"), 2])

    def start(_: str, __: object) -> int:
        answer = next(answers)
        if isinstance(answer, int):
            return answer
        raise answer

    source = reading(log, start=start, patience=QUICK)
    assert source.lines(1) == [b"2\n"]
    assert [notice.partition(": ")[2] for notice in source.notices] == [
        "Input/output error; tried again every 0.01 s",
        "odd; tried again every 0.01 s",
    ]


def test_a_line_that_is_too_long_is_reported_once(tmp_path: Path, reading: Open, write: Write) -> None:
    log, size = tmp_path / "x.log", 1 << 20
    write(log, b"a" * 3 * size + b"\nnext\n")
    source = reading(log)
    assert source.there() == [b"a" * size + b"\n", b"next\n"]
    assert source.notices == [f"{log}: line of more than {size} bytes cut at byte {size}"]
