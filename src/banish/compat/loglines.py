"""What fail2ban would write into its log about an event; other software reads these lines.

Levels, logger names and texts are a contract: the stock `recidive` filter, monitoring plugins and dashboards
match them. Events that fail2ban does not know get lines of the same layout.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache
from math import floor
from typing import Final, NamedTuple

from banish.core.model import Instant, Note, Seconds, Subject, Topic
from banish.core.spans import spell


class Level(NamedTuple):
    """A level by name and number; a target shows what is at or above its own."""

    name: str
    number: int


CRITICAL: Final = Level("CRITICAL", 50)
ERROR: Final = Level("ERROR", 40)
WARNING: Final = Level("WARNING", 30)
NOTICE: Final = Level("NOTICE", 25)
INFO: Final = Level("INFO", 20)

_LOUD: Final = {level.name: level.number for level in (CRITICAL, ERROR, WARNING, NOTICE, INFO)}
NUMBERS: Final = _LOUD | {"MSG": 18, "DEBUG": 10, "TRACEDEBUG": 7, "HEAVYDEBUG": 5}
"""All level names a configuration may give."""


class LogLine(NamedTuple):
    """One line of the log, without the time: the module that speaks, how loud, and what."""

    module: str
    level: Level
    text: str


def line_of(note: Note, zone: tzinfo) -> LogLine:
    """Return the line about an event; times in the machine's `zone`."""
    if note.subject is not None and "]" in note.subject:  # free text, made to look like another line
        note = note._replace(subject=Subject(note.subject.replace("]", "\\x5d")))
    module, level, text = _LINES[note.topic]
    jail = f"[{note.jail}] " if note.jail else ""
    return LogLine(module, level, jail + text(note, zone))


def layout(line: LogLine, at: Instant, zone: tzinfo, pid: int) -> str:
    """Return the line as it stands in a log file: local time with milliseconds, module, pid, level, text."""
    return f"{stamp(at, zone)} {head(line.module, line.level, pid)}{line.text}"


def stamp(at: Instant, zone: tzinfo) -> str:
    """Return local time with milliseconds."""
    return _millisecond(round(at * 1_000_000) // 1000, zone)


@lru_cache(maxsize=64)
def head(module: str, level: Level, pid: int, *, is_padded: bool = True) -> str:
    """Return who speaks, unless that is nobody, and how loud."""
    name, loud = ("<24", "<7") if is_padded else ("", "")
    who = f"{'fail2ban.' + module:{name}}[{pid}]: " if module else ""
    return f"{who}{level.name:{loud}} "


def _moment(at: float, zone: tzinfo) -> str:
    return _second(floor(at), zone)


@lru_cache(maxsize=16)
def _second(at: int, zone: tzinfo) -> str:
    """Return local time; the zone is slow to ask, and lines come in bursts that tell of the same second."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M:%S}"


@lru_cache(maxsize=16)
def _millisecond(at: int, zone: tzinfo) -> str:
    return f"{_second(at // 1000, zone)},{at % 1000:03d}"


def _found(note: Note, zone: tzinfo) -> str:
    return f"Found {note.subject} - {_moment(note.at, zone)}"


def _increased(note: Note, zone: tzinfo) -> str:
    until, seconds = note.values.get("until"), note.values.get("seconds", 0)
    if not isinstance(until, int | float) or not isinstance(seconds, int | float):
        return f"Increase Ban {note.subject} ({note.values.get('count')} # permanent -> infinite)"
    span = spell(Seconds(seconds))
    return f"Increase Ban {note.subject} ({note.values.get('count')} # {span} -> {_moment(until, zone)})"


def _restored(note: Note, _: tzinfo) -> str:
    return f"Restore Ban {note.subject}" if note.subject else f"Restored {note.text}"


def _subject_and_text(note: Note, _: tzinfo) -> str:
    return f"{note.subject}: {note.text}" if note.subject else note.text


_LINES: Final[dict[Topic, tuple[str, Level, Callable[[Note, tzinfo], str]]]] = {
    Topic.FOUND: ("filter", INFO, _found),
    Topic.IGNORED: ("filter", INFO, lambda note, _: f"Ignore {note.subject} by {note.text}"),
    Topic.BANNED: ("actions", NOTICE, lambda note, _: f"Ban {note.subject}"),
    Topic.RESTORED: ("actions", NOTICE, _restored),
    Topic.ALREADY: ("actions", NOTICE, lambda note, _: f"{note.subject} already banned"),
    Topic.INCREASED: ("observer", NOTICE, _increased),
    Topic.EXPIRED: ("actions", INFO, lambda note, _: f"Ignore {note.subject}, expired bantime"),
    Topic.UNBANNED: ("actions", NOTICE, lambda note, _: f"Unban {note.subject}"),
    Topic.SPARED: ("actions", WARNING, lambda note, _: f"Spare {note.subject}, not banned: {note.text}"),
    Topic.FULL: ("filter", WARNING, _subject_and_text),
    Topic.TROUBLE: ("server", WARNING, _subject_and_text),
}
