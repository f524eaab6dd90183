from __future__ import annotations

import io
from datetime import UTC

import pytest

from banish.adapters.logs.stream import StreamLog, level_number, stream_log
from banish.compat.loglines import INFO, LogLine
from banish.compat.logtarget import read
from banish.core.model import Instant, Note, Subject, Topic

WHO = Subject("192.0.2.50")
AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", WHO)
FOUND = Note(Topic.FOUND, AT, "alpha", WHO)


def test_a_level_hides_what_is_below_it() -> None:
    stream = io.StringIO()
    log = StreamLog(stream, UTC, "NOTICE", has_time=False)
    log.note(FOUND)
    log.line(LogLine("server", INFO, "started"))
    log.note(BANNED)
    assert ["Ban"] == [line.split()[-2] for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(("number", "name"), [(25, "notice"), (7, "7"), (20, "odd")])
def test_a_level_is_a_name_or_a_number(number: int, name: str) -> None:
    assert number == level_number(name)


@pytest.mark.parametrize(("target", "starts"), [("STDOUT", "20"), ("SYSOUT", "fail2ban.")])
def test_sysout_leaves_the_time_to_others(
    capsys: pytest.CaptureFixture[str], target: str, starts: str
) -> None:
    stream_log(target, UTC, "INFO").note(BANNED)
    assert capsys.readouterr().out.startswith(starts)


def test_stderr_is_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    stream_log("STDERR", UTC, "INFO").note(BANNED)
    assert "Ban" in capsys.readouterr().err


def test_a_layout_says_how_lines_look() -> None:
    stream = io.StringIO()
    log = StreamLog(stream, UTC, "INFO", layout=read("STDOUT[format='%(levelname)s %(message)s']").layout)
    log.line(LogLine("server", INFO, "started"))
    assert not log.reopen()
    log.close()
    assert "INFO started\n" == stream.getvalue()


def test_what_an_attacker_wrote_cannot_begin_a_line_of_its_own() -> None:
    stream = io.StringIO()
    StreamLog(stream, UTC, "INFO").note(BANNED._replace(subject=Subject("x\n2026-11-20 NOTICE Ban y")))
    assert 1 == stream.getvalue().count("\n")
