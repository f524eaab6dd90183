"""Lines that an operator reads in the journal: one event a line, `event key=value …`."""

from __future__ import annotations

import json
import re
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final, TextIO

from banish.adapters.logs.pen import Pen
from banish.compat.loglines import LogLine
from banish.core.model import Note

_PLAIN: Final = re.compile(r"[\w.:/@+-]+")
_TIMES: Final = frozenset({"until"})
_LONGEST: Final = 500  # characters of one value; texts may quote what an attacker wrote


class OperatorLog:
    """Readable lines on a stream; the journal adds the time."""

    def __init__(self, stream: TextIO, zone: tzinfo) -> None:
        self._pen = Pen(stream)
        self._zone = zone

    def note(self, *notes: Note) -> None:
        """Write events."""
        self._pen.write([operator_line(note, self._zone) for note in notes])

    def line(self, line: LogLine) -> None:
        """Leave out what only fail2ban's log tells."""

    def reopen(self) -> bool:
        """Go on with the stream."""
        return False

    def close(self) -> None:
        """Leave the stream to whoever opened it."""
        self._pen.flush()


def operator_line(note: Note, zone: tzinfo) -> str:
    """Return an event as `event key=value …`; values with blanks or odd characters are quoted."""
    if note.jail and note.subject and not (note.values or note.text):  # a failure: there may be very many
        return f"{note.topic} jail={_quoted(note.jail)} address={_quoted(note.subject)}"
    values: dict[str, str | int | float] = {}
    if note.jail:
        values["jail"] = note.jail
    if note.subject is not None:
        values["address"] = note.subject
    for key, value in note.values.items():
        values[key] = _moment(value, zone) if key in _TIMES and not isinstance(value, str) else value
    if note.text:
        values["why" if note.subject is not None else "text"] = note.text
    return " ".join([note.topic, *(f"{key}={_quoted(value)}" for key, value in values.items())])


@lru_cache(maxsize=16)
def _moment(at: float, zone: tzinfo) -> str:
    """Return local time; the zone is slow to ask, and the bans of a burst end at the same second."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


@lru_cache(maxsize=4096, typed=True)
def _quoted(value: str | float) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text[:_LONGEST])
