from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from tests.adapters.logs.daemons import Listener, listening

from banish.adapters.logs.mailbox import LONGEST
from banish.adapters.logs.syslogd import SyslogLog, severity
from banish.compat.loglines import CRITICAL, ERROR, INFO, NOTICE, WARNING, Level, LogLine
from banish.compat.logtarget import read
from banish.core.model import Instant, Note, Subject, Topic

AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", Subject("192.0.2.50"))


@pytest.fixture
def logger(tmp_path: Path) -> Iterator[Listener]:
    with listening(tmp_path / "log") as listener:
        yield listener


def log(tmp_path: Path, target: str = "SYSLOG", level: str = "INFO") -> SyslogLog:
    return SyslogLog(read(target), UTC, level, tmp_path / "log")


def test_an_event_is_sent_as_fail2ban_sends_it(tmp_path: Path, logger: Listener) -> None:
    sent = log(tmp_path)
    sent.note(BANNED)
    sent.line(LogLine("server", INFO, "Starting"))
    assert not sent.reopen()
    sent.close()
    assert [
        f"<29>fail2ban.actions[{os.getpid()}]: NOTICE [alpha] Ban 192.0.2.50\0".encode(),
        f"<30>fail2ban.server[{os.getpid()}]: INFO Starting\0".encode(),
    ] == logger.heard()


@pytest.mark.parametrize(("facility", "number"), [("LOCAL3", 19), ("auth", 4), ("no such", 3)])
def test_a_facility_is_chosen_by_its_name(
    tmp_path: Path, logger: Listener, facility: str, number: int
) -> None:
    sent = log(tmp_path, f"SYSLOG[facility={facility}]")
    sent.note(BANNED)
    sent.close()
    assert [f"<{number * 8 + 5}>"] == [heard[: heard.index(b">") + 1].decode() for heard in logger.heard()]


@pytest.mark.parametrize(
    ("number", "level"),
    [(2, CRITICAL), (3, ERROR), (4, WARNING), (5, NOTICE), (6, INFO), (7, Level("DEBUG", 10))],
)
def test_levels_are_the_severities_of_syslog(number: int, level: Level) -> None:
    assert number == severity(level)


def test_a_level_hides_what_is_below_it(tmp_path: Path, logger: Listener) -> None:
    sent = log(tmp_path, level="WARNING")
    sent.note(BANNED)
    sent.close()
    assert [] == logger.heard()


def test_what_an_attacker_wrote_stays_on_its_line_and_is_cut(tmp_path: Path, logger: Listener) -> None:
    sent = log(tmp_path)
    sent.note(Note(Topic.TROUBLE, AT, text="\n\0\udcff" + "x" * 100_000))
    sent.close()
    [heard] = logger.heard()
    assert rb"\x0a\x00\udcffxxx" in heard
    assert LONGEST + 1 == len(heard)
    assert heard.endswith(b"x\0")
