"""fail2ban's lines on a stream, and the levels that all its logs share."""

from __future__ import annotations

import os
import sys
import time
from datetime import tzinfo
from typing import TextIO

from banish.adapters.logs.pen import Pen, one_line
from banish.compat.loglines import NUMBERS, LogLine, line_of
from banish.compat.logtarget import STREAMS as STREAMS  # noqa: PLC0414 - named here for who opens one
from banish.compat.logtarget import Layout, read
from banish.core.model import Instant, Note


class StreamLog:
    """Lines of `loglevel` and above, laid out as their target says."""

    def __init__(
        self,
        stream: TextIO,
        zone: tzinfo,
        loglevel: str,
        *,
        has_time: bool = True,
        layout: Layout | None = None,
    ) -> None:
        self._pen = Pen(stream)
        self._zone = zone
        self._least = level_number(loglevel)
        self._layout = layout or read("STDOUT" if has_time else "SYSOUT").layout

    def note(self, note: Note) -> None:
        """Write an event if it is loud enough."""
        self.line(line_of(note, self._zone))

    def line(self, line: LogLine) -> None:
        """Write a line if it is loud enough."""
        if line.level.number >= self._least:
            text = self._layout(line, Instant(time.time()), self._zone, os.getpid())
            self._pen.write(one_line(text))

    def reopen(self) -> bool:
        """Go on with the stream."""
        return False

    def close(self) -> None:
        """Leave the stream to whoever opened it."""
        self._pen.flush()


def level_number(name: str) -> int:
    """Return the number of a level, given by name or number; INFO for what is neither."""
    return int(name) if name.isdecimal() else NUMBERS.get(name.upper(), NUMBERS["INFO"])


def stream_log(target: str, zone: tzinfo, loglevel: str, layout: Layout | None = None) -> StreamLog:
    """Return the log for one of `STREAMS`."""
    stream = sys.stderr if target == "STDERR" else sys.stdout
    return StreamLog(stream, zone, loglevel, has_time=target != "SYSOUT", layout=layout)
