"""The log of the daemon, which can be sent elsewhere while it runs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from banish.adapters.logs import STREAMS, FileLog, Logs, OperatorLog, Sink, stream_log
from banish.core.model import Instant, Note, Topic


class Journaling:
    """The port `Log`: lines for the operator on standard output, and fail2ban's lines at the log target."""

    def __init__(self, target: str, level: str, zone: tzinfo, now: Instant) -> None:
        """Open the target; if that is not possible say so on standard output, and go on without."""
        self.target = target.partition("[")[0].strip()
        self.level = level
        self._zone = zone
        operator = OperatorLog(sys.stdout, zone)
        self._sinks: Sequence[Sink] = (operator,)
        try:
            self._sinks = self._made(self.target)
        except OSError as error:
            reason = error.strerror or str(error)
            text = f"logtarget {self.target}: {reason}; fail2ban's lines are not written"
            operator.note(Note(Topic.TROUBLE, now, text=text))

    def note(self, note: Note) -> None:
        """Write an event everywhere."""
        for sink in self._sinks:
            sink.note(note)

    def change(self, *, target: str = "", level: str = "") -> bool:
        """Write elsewhere, or more, or less; say whether that is possible. All stays as it is if not."""
        old = self.level, self.target, self._sinks
        self.level = level or self.level
        self.target = target.partition("[")[0].strip() or self.target
        try:
            self._sinks = self._made(self.target)
        except OSError:
            self.level, self.target, self._sinks = old
            return False
        Logs(old[2]).close()
        return True

    def flush(self) -> str:
        """Open files anew; say what was done in fail2ban's word for it."""
        files = [sink for sink in self._sinks if isinstance(sink, FileLog)]
        for file in files:
            file.reopen()
        return "rolled over" if files else "flushed"

    def close(self) -> None:
        """Write what waits, and close."""
        with contextlib.suppress(OSError):
            Logs(self._sinks).close()

    def _made(self, target: str) -> Sequence[Sink]:
        """Return where events go; `OSError` if the target cannot be opened."""
        if target.upper() in STREAMS:
            return (stream_log(target.upper(), self._zone, self.level),)
        operator = OperatorLog(sys.stdout, self._zone)
        if not target.startswith("/"):
            raise OSError(f"{target} is not served")
        return FileLog(Path(target), self._zone, self.level), operator
