"""fail2ban's lines in a file, which may be rotated away at any time."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import tzinfo
from pathlib import Path
from typing import Final

from banish.adapters.logs.stream import StreamLog
from banish.compat.loglines import LogLine
from banish.compat.logtarget import Layout
from banish.core.model import Note

REOPEN_AFTER: Final = 1.0  # seconds; how late it may be noticed that the file is not there any more


class FileLog:
    """A log in a file; whoever moves it away need not tell, though a signal or `flushlogs` is quicker."""

    def __init__(self, path: Path, zone: tzinfo, loglevel: str, layout: Layout | None = None) -> None:
        """Open the file; `OSError` if that is not possible."""
        self._path = path
        self._zone = zone
        self._loglevel = loglevel
        self._layout = layout
        self._open()
        self._looked_at = time.monotonic()

    def note(self, *notes: Note) -> None:
        """Write events, into the new file if the old one was rotated away."""
        self._follow()
        self._log.note(*notes)

    def line(self, line: LogLine) -> None:
        """Write a line, as above."""
        self._follow()
        self._log.line(line)

    def reopen(self) -> bool:
        """Close the file and open it by its name; the old one is better than none."""
        stream, log = self._stream, self._log
        with contextlib.suppress(OSError):
            self._open()
            log.close()
            stream.close()
        return True

    def close(self) -> None:
        """Close the file."""
        self._log.close()
        with contextlib.suppress(OSError):  # what a full disk did not take cannot be written now either
            self._stream.close()

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
        descriptor = os.open(self._path, flags, 0o640)
        self._stream = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
        self._log = StreamLog(self._stream, self._zone, self._loglevel, layout=self._layout)

    def _follow(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < REOPEN_AFTER:
            return
        self._looked_at = now
        try:
            is_same = os.path.samestat(self._path.stat(), os.fstat(self._stream.fileno()))
        except OSError:
            is_same = False
        if not is_same:
            self.reopen()
