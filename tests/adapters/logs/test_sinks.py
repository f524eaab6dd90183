from __future__ import annotations

import io
from datetime import UTC
from pathlib import Path

from banish.adapters.logs.file import FileLog
from banish.adapters.logs.readable import OperatorLog
from banish.adapters.logs.sinks import Logs
from banish.adapters.logs.stream import StreamLog
from banish.compat.loglines import INFO, LogLine
from banish.core.model import Instant, Note, Subject, Topic

BANNED = Note(Topic.BANNED, Instant(1_763_673_171), "alpha", Subject("192.0.2.50"))


def test_several_logs_get_the_same() -> None:
    one, two = io.StringIO(), io.StringIO()
    Logs([OperatorLog(one, UTC), OperatorLog(two, UTC)]).note(BANNED)
    assert one.getvalue() == two.getvalue() != ""


def test_a_line_that_is_no_event_is_for_fail2bans_logs() -> None:
    one, two = io.StringIO(), io.StringIO()
    logs = Logs([OperatorLog(one, UTC), StreamLog(two, UTC, "INFO", has_time=False)])
    logs.line(LogLine("server", INFO, "started"))
    logs.close()
    assert ("", "started") == (one.getvalue(), two.getvalue().split()[-1])


def test_files_are_opened_anew_and_streams_are_not(tmp_path: Path) -> None:
    operator, path = OperatorLog(io.StringIO(), UTC), tmp_path / "log"
    assert not Logs([operator]).reopen()
    logs = Logs([FileLog(path, UTC, "INFO"), operator])
    path.rename(tmp_path / "log.1")
    assert logs.reopen()
    logs.note(BANNED)
    logs.close()
    assert path.read_text().endswith("Ban 192.0.2.50\n")
