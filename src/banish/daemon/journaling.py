"""The log of the daemon, which can be sent elsewhere while it runs."""

from __future__ import annotations

import sys
from datetime import tzinfo

from banish.adapters.logs import Logs, OperatorLog, open_log
from banish.compat.loglines import LogLine
from banish.compat.logtarget import STREAMS
from banish.core.errors import ConfigError
from banish.core.model import Instant, Note, Topic


class Journaling:
    """The port `Log`: lines for the operator on standard output, and fail2ban's lines at the log target."""

    def __init__(
        self, target: str, level: str, zone: tzinfo, now: Instant, syslogsocket: str = "auto"
    ) -> None:
        """Open the target; if that is not possible say so on standard output, and go on without."""
        self.target = _name(target)
        self.level = level
        self._zone = zone
        self._syslogsocket = syslogsocket
        operator = OperatorLog(sys.stdout, zone)
        self._logs = Logs((operator,))
        try:
            self._logs = self._made(target)
        except ConfigError as error:
            text = f"{error}; fail2ban's lines are not written"
            operator.note(Note(Topic.TROUBLE, now, text=text))
        self._written = target

    def note(self, *notes: Note) -> None:
        """Write events everywhere."""
        self._logs.note(*notes)

    def line(self, line: LogLine) -> None:
        """Write what fail2ban's log tells and is no event."""
        self._logs.line(line)

    def change(self, *, target: str = "", level: str = "") -> bool:
        """Write elsewhere, or more, or less; say whether that is possible. All stays as it is if not."""
        old = self.level, self._logs
        self.level = level or self.level
        try:
            self._logs = self._made(target or self._written)
        except ConfigError:
            self.level, self._logs = old
            return False
        self._written = target or self._written
        self.target = _name(self._written)
        old[1].close()
        return True

    def flush(self) -> str:
        """Open files anew; say what was done in fail2ban's word for it."""
        return "rolled over" if self._logs.reopen() else "flushed"

    def close(self) -> None:
        """Write what waits, and close."""
        self._logs.close()

    def _made(self, target: str) -> Logs:
        """Return where events go; `ConfigError` if the target cannot be opened."""
        sink = open_log(target, self._zone, self.level, self._syslogsocket)
        is_stream = _name(target).upper() in STREAMS
        return Logs((sink,) if is_stream else (sink, OperatorLog(sys.stdout, self._zone)))


def _name(target: str) -> str:
    """Return a target without its options."""
    return target.partition("[")[0].strip()
