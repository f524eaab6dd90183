from __future__ import annotations

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from banish.adapters.store.files import identity, move_aside, prepare
from banish.core.model import Instant

NOW = Instant(1_700_000_000)


def test_file_and_directory_are_private(tmp_path: Path) -> None:
    path = tmp_path / "lib" / "b.sqlite3"
    prepare(path)
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.touch(0o644)
    prepare(path)
    assert S_IMODE(path.stat().st_mode) == 0o600


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        prepare(tmp_path / "pipe")


def test_identity_tells_files_apart(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    assert identity(tmp_path / "a") == identity(tmp_path / "a")
    assert identity(tmp_path / "a") != identity(tmp_path / "b")
    assert identity(tmp_path / "c") is None


def test_a_file_is_moved_aside_with_its_companions(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("main")
    (tmp_path / "b-wal").write_text("log")
    moved = move_aside(tmp_path / "b", NOW)
    assert tmp_path / "b.broken-20231114-221320" == moved
    assert moved.read_text() == "main"
    assert (tmp_path / "b.broken-20231114-221320-wal").read_text() == "log"
    assert not (tmp_path / "b").exists()


def test_what_was_moved_aside_before_is_not_overwritten(tmp_path: Path) -> None:
    for text in ("1", "2", "3"):
        (tmp_path / "b").write_text(text)
        assert text == move_aside(tmp_path / "b", NOW).read_text()
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files for others")
def test_what_root_makes_belongs_to_whom_the_directory_belongs(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    prepare(tmp_path / "b")
    status = (tmp_path / "b").stat()
    assert (65534, 65534) == (status.st_uid, status.st_gid)
