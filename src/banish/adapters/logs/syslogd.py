"""fail2ban's lines for the system's logger, as `syslog(3)` sends them."""

from __future__ import annotations

import os
import time
from datetime import tzinfo
from pathlib import Path
from typing import Final

from banish.adapters.logs.mailbox import LONGEST, Mailbox
from banish.adapters.logs.pen import one_line
from banish.adapters.logs.stream import level_number
from banish.compat.loglines import CRITICAL, ERROR, INFO, NOTICE, WARNING, Level, LogLine, line_of
from banish.compat.logtarget import LogTarget
from banish.core.model import Instant, Note

USUAL: Final = Path("/dev/log")

# Source of both: RFC 5424, 6.2.1; the names are those of syslog(3).
_FACILITIES: Final = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"),
    *("ntp", "security", "console", "solaris-cron"),
    *("local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"),
)
_SEVERITIES: Final = {CRITICAL: 2, ERROR: 3, WARNING: 4, NOTICE: 5, INFO: 6}
_DEBUG: Final = 7


class SyslogLog:
    """The port of `logtarget = SYSLOG`: datagrams with severity and facility in front, a NUL behind."""

    def __init__(self, target: LogTarget, zone: tzinfo, loglevel: str, path: Path = USUAL) -> None:
        """Connect; `OSError` if no logger listens. A facility that does not exist is `daemon`."""
        name = target.facility.lower()
        self._facility = _FACILITIES.index(name if name in _FACILITIES else "daemon")
        self._layout = target.layout
        self._zone = zone
        self._least = level_number(loglevel)
        self._mailbox = Mailbox(path)

    def note(self, *notes: Note) -> None:
        """Send events that are loud enough."""
        for note in notes:
            self.line(line_of(note, self._zone))

    def line(self, line: LogLine) -> None:
        """Send a line if it is loud enough."""
        if line.level.number >= self._least:
            text = one_line(self._layout(line, Instant(time.time()), self._zone, os.getpid()))
            message = f"<{self._facility * 8 + severity(line.level)}>{text}".encode(errors="backslashreplace")
            self._mailbox.send(message[:LONGEST] + b"\0")

    def reopen(self) -> bool:
        """Go on with the socket."""
        return False

    def close(self) -> None:
        """Let go of the socket."""
        self._mailbox.close()


def severity(level: Level) -> int:
    """Return a level in the numbers of syslog: 0 is the loudest."""
    return _SEVERITIES.get(level, _DEBUG)
