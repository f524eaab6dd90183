from __future__ import annotations

import os
from pathlib import Path

import pytest

from banish.adapters.ignorelist import MOST_BYTES, MOST_FILES, IgnoreLists
from banish.adapters.reports import Reports


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def lists(told: list[str]) -> IgnoreLists:
    return IgnoreLists(Reports(told.append))


def test_entries_are_read_in_canonical_form_and_comments_left_out(lists: IgnoreLists, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(
        b"# 192.0.2.1\n192.0.2.2, 192.0.2.3\t10.1.2.3/24 # 192.0.2.4\n;192.0.2.5\n[2001:DB8::1]\r\n"
        b"name#5,,,x;y\n192.0.2.2\n\xff ; 192.0.2.6"
    )
    expected = "192.0.2.2", "192.0.2.3", "10.1.2.0/24", "2001:db8::1", "name#5", "x;y", "\ufffd"
    assert lists.entries(str(path)) == expected


def test_a_file_is_read_again_when_it_has_changed(lists: IgnoreLists, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("192.0.2.1")
    os.utime(path, (1, 1))
    assert lists.entries(str(path)) == ("192.0.2.1",)
    path.write_text("192.0.2.2")
    os.utime(path, (1, 1))
    assert lists.entries(str(path)) == ("192.0.2.1",)
    os.utime(path, (2, 2))
    assert lists.entries(str(path)) == ("192.0.2.2",)


def test_what_stood_in_a_file_stays_in_force_while_it_is_gone(
    lists: IgnoreLists, tmp_path: Path, told: list[str]
) -> None:
    path = tmp_path / "list"
    path.write_text("192.0.2.1")
    lists.entries(str(path))
    path.unlink()
    assert lists.entries(str(path)) == ("192.0.2.1",)
    assert lists.entries(str(path)) == ("192.0.2.1",)
    assert len(told) == 1
    assert "the 1 entries read before stay in force" in told[0]


def test_files_that_cannot_be_lists_are_reported_and_empty(
    lists: IgnoreLists, tmp_path: Path, told: list[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for path in (tmp_path / "pipe", tmp_path / "huge", tmp_path / "missing", tmp_path, "a\0b"):
        assert lists.entries(str(path)) == ()
    assert len(told) == 5


def test_only_so_many_files_are_remembered(lists: IgnoreLists, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("192.0.2.1")
    for number in range(MOST_FILES + 1):
        assert lists.entries(f"{tmp_path}{'/.' * number}/list") == ("192.0.2.1",)
    assert lists.entries(f"{tmp_path}/./list") == ("192.0.2.1",)
    assert len(lists._read) == MOST_FILES
