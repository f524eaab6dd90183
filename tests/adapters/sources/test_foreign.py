from __future__ import annotations

import os
from hashlib import md5, sha1
from pathlib import Path

import pytest

from banish.adapters.sources.foreign import found
from banish.adapters.sources.position import Position
from banish.adapters.sources.reader import Reader

LINES = b"first line\nsecond line\nthird line\n"
FIRST = sha1(b"first line\n", usedforsecurity=False).hexdigest()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "auth.log"
    path.write_bytes(LINES)
    return path


def rest(path: Path, position: Position | None) -> bytes:
    """What is read from there."""
    assert position is not None
    reader = Reader(str(path))
    try:
        assert reader.goto(position)
        return reader.read()
    finally:
        reader.close()


def test_reading_goes_on_behind_the_last_line_that_was_read(log: Path) -> None:
    assert b"third line\n" == rest(log, found(str(log), FIRST, 23))


@pytest.mark.parametrize(("offset", "left"), [(0, LINES), (len(LINES), b"")])
def test_both_ends_of_a_log_are_places_in_it(log: Path, offset: int, left: bytes) -> None:
    assert left == rest(log, found(str(log), FIRST, offset))


def test_a_place_inside_a_line_is_its_start(log: Path) -> None:
    assert b"third line\n" == rest(log, found(str(log), FIRST, 25))


def test_older_releases_wrote_another_hash(log: Path) -> None:
    old = md5(b"first line\n", usedforsecurity=False).hexdigest()
    assert b"third line\n" == rest(log, found(str(log), old.upper(), 23))


def test_a_log_that_was_rotated_is_read_to_its_end_first(log: Path) -> None:
    log.rename(log.with_name("auth.log.1"))
    log.write_bytes(b"another first line\n")
    position = found(str(log), FIRST, 23)
    assert b"third line\n" == rest(log.with_name("auth.log.1"), position)


def test_of_rotated_files_the_latest_counts(log: Path) -> None:
    for number, age in ((1, 100), (2, 200)):
        copy = log.with_name(f"auth.log.{number}")
        copy.write_bytes(LINES)
        os.utime(copy, (age, age))
    log.unlink()
    position = found(str(log), FIRST, 23)
    assert position is not None
    assert log.with_name("auth.log.2").stat().st_ino == position.inode


@pytest.mark.parametrize("name", ["auth.log.1.gz", "auth.logs", "other.log"])
def test_packed_and_other_files_are_no_rotated_log(log: Path, name: str) -> None:
    log.rename(log.with_name(name))
    assert found(str(log), FIRST, 23) is None


@pytest.mark.parametrize(
    ("first", "offset"), [(FIRST, len(LINES) + 1), (FIRST, -1), ("", 5), ("0" * 40, 5), ("2026-11-20", 5)]
)
def test_a_log_that_is_not_what_was_read_has_no_place(log: Path, first: str, offset: int) -> None:
    assert found(str(log), first, offset) is None


def test_a_missing_directory_is_nobodys_trouble(tmp_path: Path) -> None:
    assert found(str(tmp_path / "x" / "y.log"), FIRST, 5) is None
