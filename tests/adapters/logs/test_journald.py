from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from tests.adapters.logs.daemons import Listener, listening

from banish.adapters.logs.journald import JournalLog
from banish.compat.loglines import INFO, LogLine
from banish.compat.logtarget import JOURNAL, read
from banish.core.model import Instant, Note, Subject, Topic

AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", Subject("192.0.2.50"))


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Listener]:
    with listening(tmp_path / "socket") as listener:
        yield listener


def log(tmp_path: Path, level: str = "INFO") -> JournalLog:
    return JournalLog(read(JOURNAL).layout, UTC, level, tmp_path / "socket")


def fields(message: bytes) -> dict[str, str]:
    return dict(line.split("=", 1) for line in message.decode().splitlines())


def test_an_event_is_an_entry_with_fields_to_search_by(tmp_path: Path, journal: Listener) -> None:
    sent = log(tmp_path)
    sent.note(BANNED)
    assert not sent.reopen()
    sent.close()
    [entry] = map(fields, journal.heard())
    assert {
        "MESSAGE": "NOTICE [alpha] Ban 192.0.2.50",
        "PRIORITY": "5",
        "SYSLOG_IDENTIFIER": "fail2ban.actions",
        "SYSLOG_PID": str(os.getpid()),
        "JAIL": "alpha",
        "SUBJECT": "192.0.2.50",
        "EVENT": "banned",
    } == entry


def test_a_line_that_is_no_event_is_about_nobody(tmp_path: Path, journal: Listener) -> None:
    sent = log(tmp_path)
    sent.line(LogLine("server", INFO, "Starting"))
    sent.note(Note(Topic.TROUBLE, AT, text="odd"))
    sent.close()
    assert [set(), {"EVENT"}] == [
        fields(heard).keys() & {"JAIL", "SUBJECT", "EVENT"} for heard in journal.heard()
    ]


def test_what_an_attacker_wrote_adds_no_field_and_is_cut(tmp_path: Path, journal: Listener) -> None:
    sent = log(tmp_path)
    sent.note(BANNED._replace(subject=Subject("x\nPRIORITY=0\n\udcff" + "x" * 100_000)))
    sent.close()
    [heard] = journal.heard()
    assert "5" == fields(heard)["PRIORITY"]
    assert fields(heard)["SUBJECT"].startswith(r"x\x0aPRIORITY=0\x0a\udcffxx")
    assert len(heard) < 20_000


def test_a_level_hides_what_is_below_it(tmp_path: Path, journal: Listener) -> None:
    sent = log(tmp_path, level="ERROR")
    sent.note(BANNED)
    sent.close()
    assert [] == journal.heard()
