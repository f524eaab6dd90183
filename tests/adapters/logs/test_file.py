from __future__ import annotations

import asyncio
from datetime import UTC
from pathlib import Path

import pytest

from banish.adapters.logs import file
from banish.adapters.logs.file import FileLog
from banish.compat.loglines import INFO, LogLine
from banish.compat.logtarget import read
from banish.core.model import Instant, Note, Subject, Topic

AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", Subject("192.0.2.50"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_a_file_is_appended_to(path: Path) -> None:
    path.write_text("before\n")
    log = FileLog(path, UTC, "INFO")
    log.note(BANNED)
    log.close()
    assert ["before", "NOTICE  [alpha] Ban 192.0.2.50"] == [
        line[-30:] for line in path.read_text().splitlines()
    ]


def test_a_file_has_the_layout_of_its_target(path: Path) -> None:
    log = FileLog(path, UTC, "INFO", read(f"{path}[format='%(message)s']").layout)
    log.line(LogLine("server", INFO, "started"))
    log.close()
    assert "started\n" == path.read_text()


def test_what_waits_is_written_when_the_log_is_closed(path: Path) -> None:
    async def play() -> None:
        log = FileLog(path, UTC, "INFO")
        log.note(BANNED)
        log.close()

    asyncio.run(play())
    assert path.read_text().endswith("Ban 192.0.2.50\n")


def test_what_waits_goes_into_the_file_that_was_open(path: Path) -> None:
    def rotate() -> None:
        path.rename(path.with_name("log.1"))

    async def play() -> None:
        log = FileLog(path, UTC, "INFO")
        log.note(BANNED)
        rotate()
        assert log.reopen()
        log.close()

    asyncio.run(play())
    assert "Ban" in path.with_name("log.1").read_text()
    assert not path.read_text()


def test_a_file_that_was_rotated_away_is_opened_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "REOPEN_AFTER", 0.0)
    log = FileLog(path, UTC, "INFO")
    path.rename(path.with_name("log.1"))
    log.note(BANNED)
    log.note(BANNED)
    log.close()
    assert 2 == len(path.read_text().splitlines())
    assert not path.with_name("log.1").read_text()


def test_the_old_file_goes_on_where_a_new_one_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = FileLog(tmp_path / "logs" / "log", UTC, "INFO")
    (tmp_path / "logs").rename(tmp_path / "elsewhere")
    log.reopen()
    log.note(BANNED)
    log.close()
    assert "Ban" in (tmp_path / "elsewhere" / "log").read_text()


def test_text_that_is_no_unicode_is_written_all_the_same(path: Path) -> None:
    log = FileLog(path, UTC, "INFO")
    log.note(Note(Topic.TROUBLE, AT, text="\udcff"))
    log.close()
    assert r"\udcff" in path.read_text()


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FileLog(tmp_path / "missing" / "log", UTC, "INFO")


def test_a_full_disk_is_nobodys_trouble() -> None:
    log = FileLog(Path("/dev/full"), UTC, "INFO")
    log.note(BANNED)
    log.close()
