"""fail2ban's lines on a stream, and the levels that all its logs share."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
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

    def note(self, *notes: Note) -> None:
        """Write events that are loud enough."""
        self._write([line_of(note, self._zone) for note in notes])

    def line(self, line: LogLine) -> None:
        """Write a line if it is loud enough."""
        self._write([line])

    def _write(self, lines: Sequence[LogLine]) -> None:
        zone, now, pid = self._zone, Instant(time.time()), os.getpid()
        loud = [line for line in lines if line.level.number >= self._least]
        self._pen.write([one_line(self._layout(line, now, zone, pid)) for line in loud])

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
