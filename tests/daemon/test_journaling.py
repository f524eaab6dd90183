"""Where events are written, and elsewhere."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from banish.core.model import Instant, Note, Subject, Topic
from banish.daemon.journaling import Journaling

BAN = Note(Topic.BANNED, Instant(0), "j", Subject("192.0.2.7"))
FOUND = Note(Topic.FOUND, Instant(0), "j", Subject("192.0.2.7"))


def test_events_go_to_the_operator_and_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = Journaling(f"{tmp_path}/log", "INFO", UTC, Instant(0))
    log.note(BAN)
    log.close()
    assert "banned jail=j address=192.0.2.7\n" == capsys.readouterr().out
    assert "NOTICE  [j] Ban 192.0.2.7\n" in (tmp_path / "log").read_text()


def test_a_stream_is_for_lines_of_fail2ban_alone(capsys: pytest.CaptureFixture[str]) -> None:
    log = Journaling('STDOUT[format="%(levelname)s %(message)s"]', "INFO", UTC, Instant(0))
    assert "STDOUT" == log.target
    log.note(BAN)
    log.close()
    assert "NOTICE [j] Ban 192.0.2.7\n" == capsys.readouterr().out
    assert "flushed" == log.flush()


def test_a_target_that_cannot_be_had_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for target in ("/nonexistent/log", "CARRIER-PIGEON"):
        log = Journaling(target, "INFO", UTC, Instant(0))
        log.note(BAN)
        log.close()
        trouble, ban = capsys.readouterr().out.splitlines()
        assert trouble.startswith("trouble")
        assert target in trouble
        assert "banned jail=j address=192.0.2.7" == ban


def test_it_can_be_changed_and_stays_if_it_cannot(tmp_path: Path) -> None:
    log = Journaling(f"{tmp_path}/one", "NOTICE", UTC, Instant(0))
    log.note(FOUND)
    assert log.change(level="INFO")
    log.note(FOUND)
    assert log.change(target=f"{tmp_path}/two")
    log.note(BAN)
    assert not log.change(target="/nonexistent/log", level="ERROR")
    assert ("INFO", f"{tmp_path}/two") == (log.level, log.target)
    log.note(BAN)
    log.close()
    assert 1 == len((tmp_path / "one").read_text().splitlines())
    assert 2 == len((tmp_path / "two").read_text().splitlines())


def test_a_file_is_opened_anew(tmp_path: Path) -> None:
    log = Journaling(f"{tmp_path}/log", "INFO", UTC, Instant(0))
    (tmp_path / "log").rename(tmp_path / "log.1")
    assert "rolled over" == log.flush()
    log.note(BAN)
    log.close()
    assert "" == (tmp_path / "log.1").read_text()
    assert "Ban 192.0.2.7" in (tmp_path / "log").read_text()
