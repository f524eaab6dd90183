"""fail2ban's lines for systemd's journal, with fields to search by.

Source of the protocol: systemd.io/JOURNAL_NATIVE_PROTOCOL; of what `PRIORITY` and others mean:
systemd.journal-fields(7).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Final

from banish.adapters.logs.mailbox import LONGEST, Mailbox
from banish.adapters.logs.pen import one_line
from banish.adapters.logs.stream import level_number
from banish.adapters.logs.syslogd import severity
from banish.compat.loglines import LogLine, line_of
from banish.compat.logtarget import Layout
from banish.core.model import Instant, Note

USUAL: Final = Path("/run/systemd/journal/socket")
_NONE: Final[Mapping[str, str]] = {}


class JournalLog:
    """The port of `logtarget = SYSTEMD-JOURNAL`; `JAIL` and `SUBJECT` tell whom an event is about."""

    def __init__(self, layout: Layout, zone: tzinfo, loglevel: str, path: Path = USUAL) -> None:
        """Connect; `OSError` if no journal listens."""
        self._layout = layout
        self._zone = zone
        self._least = level_number(loglevel)
        self._mailbox = Mailbox(path)

    def note(self, *notes: Note) -> None:
        """Send events that are loud enough."""
        for note in notes:
            about = {"JAIL": note.jail, "SUBJECT": note.subject or "", "EVENT": note.topic.value}
            self.line(line_of(note, self._zone), about)

    def line(self, line: LogLine, about: Mapping[str, str] = _NONE) -> None:
        """Send a line if it is loud enough."""
        if line.level.number < self._least:
            return
        fields = {
            "MESSAGE": self._layout(line, Instant(time.time()), self._zone, os.getpid()),
            "PRIORITY": str(severity(line.level)),
            # as with SYSLOG, so that the stock filter recidive finds bans here, too; it would not were this
            # `fail2ban`, which is what the original writes
            "SYSLOG_IDENTIFIER": f"fail2ban.{line.module}",
            "SYSLOG_PID": str(os.getpid()),
            **{name: value for name, value in about.items() if value},
        }
        self._mailbox.send(b"".join(_field(name, value) for name, value in fields.items()))

    def reopen(self) -> bool:
        """Go on with the socket."""
        return False

    def close(self) -> None:
        """Let go of the socket."""
        self._mailbox.close()


def _field(name: str, value: str) -> bytes:
    """Return one field; as no value has a line feed in it, all take the simple form."""
    return f"{name}={one_line(value)}".encode(errors="backslashreplace")[:LONGEST] + b"\n"
