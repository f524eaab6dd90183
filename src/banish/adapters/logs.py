"""Where events are written down: readable lines for the operator, fail2ban's lines for `logtarget`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, Protocol, TextIO

from banish.compat.loglines import NUMBERS, bare, layout, line_of
from banish.core.model import Instant, Note

_PLAIN: Final = re.compile(r"[\w.:/@+-]+")
_TIMES: Final = frozenset({"until"})
_LONGEST: Final = 500  # characters of one value; texts may quote what an attacker wrote
REOPEN_AFTER: Final = 1.0  # seconds; how late a rotated log file may be noticed


class Sink(Protocol):
    """Anything that takes notes."""

    def note(self, note: Note) -> None:
        """Write one down."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


def operator_line(note: Note, zone: tzinfo) -> str:
    """Return an event as `event key=value …`; values with blanks or odd characters are quoted."""
    if note.jail and note.subject and not (note.values or note.text):  # a failure: there may be very many
        return f"{note.topic.value} jail={_quoted(note.jail)} address={_quoted(note.subject)}"
    values: dict[str, str | int | float] = {}
    if note.jail:
        values["jail"] = note.jail
    if note.subject is not None:
        values["address"] = note.subject
    for key, value in note.values.items():
        values[key] = _moment(value, zone) if key in _TIMES and not isinstance(value, str) else value
    if note.text:
        values["why" if note.subject is not None else "text"] = note.text
    return " ".join([note.topic.value, *(f"{key}={_quoted(value)}" for key, value in values.items())])


@lru_cache(maxsize=16)
def _moment(at: float, zone: tzinfo) -> str:
    """Return local time; the zone is slow to ask, and the bans of a burst end at the same second."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


@lru_cache(maxsize=4096, typed=True)
def _quoted(value: str | float) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text[:_LONGEST])


class Pen:
    """Writes lines on a stream; in an event loop those of one turn at once, which is what a burst leads to.

    A full disk and a closed pipe are nobody's trouble: guarding goes on. May be used from any thread.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._lock = Lock()

    def write(self, line: str) -> None:
        """Write a line, before the loop waits again if there is one, else now."""
        with self._lock:
            self._lines.append(line)
            is_first = len(self._lines) == 1
        if is_first:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:  # there is no loop in this thread
                self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            text = "".join(f"{line}\n" for line in self._lines)
            self._lines.clear()
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(text)
                self._stream.flush()


class OperatorLog:
    """Readable lines on a stream, one event a line; the journal adds the time."""

    def __init__(self, stream: TextIO, zone: tzinfo) -> None:
        self._pen = Pen(stream)
        self._zone = zone

    def note(self, note: Note) -> None:
        """Write an event."""
        self._pen.write(operator_line(note, self._zone))

    def close(self) -> None:
        """Leave the stream to whoever opened it."""
        self._pen.flush()


class StreamLog:
    """fail2ban's lines on a stream, with the time (STDOUT, STDERR) or without (SYSOUT)."""

    def __init__(self, stream: TextIO, zone: tzinfo, loglevel: str, *, has_time: bool) -> None:
        self._pen = Pen(stream)
        self._zone = zone
        self._least = level_number(loglevel)
        self._has_time = has_time

    def note(self, note: Note) -> None:
        """Write an event if it is loud enough."""
        line = line_of(note, self._zone)
        if line.level.number >= self._least:
            now, pid = Instant(time.time()), os.getpid()
            self._pen.write(layout(line, now, self._zone, pid) if self._has_time else bare(line, pid))

    def close(self) -> None:
        """Leave the stream to whoever opened it."""
        self._pen.flush()


class FileLog:
    """fail2ban's lines in a file, which may be rotated away at any time."""

    def __init__(self, path: Path, zone: tzinfo, loglevel: str) -> None:
        """Open the file; `OSError` if that is not possible."""
        self._path = path
        self._zone = zone
        self._loglevel = loglevel
        self._open()
        self._looked_at = time.monotonic()

    def note(self, note: Note) -> None:
        """Write an event, into the new file if the old one was rotated away."""
        self._follow()
        self._log.note(note)

    def reopen(self) -> None:
        """Close the file and open it by its name; the old one is better than none."""
        stream, log = self._stream, self._log
        with contextlib.suppress(OSError):
            self._open()
            log.close()
            stream.close()

    def close(self) -> None:
        """Close the file."""
        self._log.close()
        self._stream.close()

    def _open(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self._stream = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
        self._log = StreamLog(self._stream, self._zone, self._loglevel, has_time=True)

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


class Logs:
    """Several logs as one."""

    def __init__(self, logs: Sequence[Sink]) -> None:
        self._logs = logs

    def note(self, note: Note) -> None:
        """Write an event into each."""
        for log in self._logs:
            log.note(note)

    def close(self) -> None:
        """Close each."""
        for log in self._logs:
            log.close()


def level_number(name: str) -> int:
    """Return the number of a level, given by name or number; INFO for what is neither."""
    return int(name) if name.isdecimal() else NUMBERS.get(name.upper(), NUMBERS["INFO"])


STREAMS: Final = ("STDOUT", "STDERR", "SYSOUT")


def stream_log(target: str, zone: tzinfo, loglevel: str) -> StreamLog:
    """Return the log for one of `STREAMS`."""
    stream = sys.stderr if target == "STDERR" else sys.stdout
    return StreamLog(stream, zone, loglevel, has_time=target != "SYSOUT")
