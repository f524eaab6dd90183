"""Scan blocks of log bytes for all jails that read a source: bytes in, hits out.

This is the clear and exact matcher: every line is decoded, dated and held against every expression in order.
It stays as the slow twin of any faster one. `Scanner.scan` takes whole blocks, so nothing outside depends on
there being a call per line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from banish.core.config import JailConfig
from banish.core.dates import Dated
from banish.core.identity import derive, identify, is_derived
from banish.core.model import Field, Hit, Instant, Lines, Note, Seconds, Topic
from banish.core.rules import JailRules, Program
from banish.core.sessions import Sessions, Told, Verdict
from banish.core.window import Line, Taken, Window

FRESH: Final = Seconds(60)
"""How long a date serves the lines after it that have none, and how far from now a credible one may be."""

ONCE_A_DAY: Final = Seconds(86400)


class Mode(Enum):
    """By which clock lines are judged."""

    LIVE = "live"  # lines are as old as they are late: an odd date counts as now
    BACKLOG = "backlog"  # lines were written before we came: their own dates count, old ones do not
    REPLAY = "replay"  # the log's own time is all there is; a line without a date is dropped
    TRIAL = "trial"  # as replay, but a line without a date counts as now


WRITTEN: Final = frozenset({Mode.REPLAY, Mode.TRIAL})
"""Modes in which the log's own time is the only clock."""


class Stamped(NamedTuple):
    """A line, when it was written (absent: unknown), and what time it is by the clock that sessions keep."""

    line: Line
    at: Instant | None
    clock: Instant


class Entry(NamedTuple):
    """What failure expressions are searched in, and the groups of the prefix in front of it."""

    searched: str
    prefix: Mapping[str, Field | None]


@dataclass(slots=True)
class Findings:
    """What a block held: failures in the order of the lines, and what the operator should know."""

    hits: list[Hit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Scanner:
    """All jails of a program, each with what it has learned from the lines so far."""

    def __init__(self, program: Program, mode: Mode | None = None) -> None:
        """With a `mode` every block is judged by it; without, each block says whether it is live."""
        self._mode = mode
        self._jails = {rules.jail.name: JailScanner(rules) for rules in program}

    def scan(self, lines: Lines, jails: Iterable[str], now: Instant) -> Findings:
        """Hold every line of a block against the rules of `jails`, in this order."""
        findings = Findings()
        scanners = [self._jails[name] for name in jails]
        mode = self._mode or (Mode.LIVE if lines.live else Mode.BACKLOG)
        for number, raw in enumerate(_split(lines.block)):
            for scanner in scanners:
                hit = scanner.scan_line(number, scanner.decode(raw), mode, now, findings.notes)
                if hit is not None:
                    findings.hits.append(hit)
        return findings

    def date_of(self, raw: bytes, jail: str, now: Instant) -> Instant | None:
        """Return the date of a line by a jail's patterns, without learning from it."""
        return self._jails[jail].probe(raw, now)


def _split(block: bytes) -> Iterator[bytes]:
    """Yield the lines of a block; carriage returns and line feeds at their ends are no part of them."""
    return (raw.rstrip(b"\r\n") for raw in block[:-1].split(b"\n")) if block else iter(())


class JailScanner:
    """The rules of one jail at work: dates, window of lines, sessions."""

    def __init__(self, rules: JailRules) -> None:
        self.jail: JailConfig = rules.jail
        self._rules = rules
        self._dates = rules.dates()
        self._probe = rules.dates()
        self._window = Window(rules.jail.maxlines)
        self._sessions = Sessions()
        self._last: Instant | None = None
        self._warned = Instant(-ONCE_A_DAY)
        self._has_early_ignore = bool(rules.ignores) and len(rules.ignores) < len(rules.failures) - 2
        self._deriving = {
            id(pattern)  # patterns are slow to hash, and live as long as the rules
            for pattern in (rules.prefix, *rules.failures)
            if pattern is not None and any(map(is_derived, pattern.groupindex))
        }

    def decode(self, raw: bytes) -> str:
        """Return the text of a line; bytes that are none in its encoding become replacement characters."""
        return raw.decode(self._rules.encoding, "replace")

    def probe(self, raw: bytes, now: Instant) -> Instant | None:
        """Return the date of a line, leaving what was learned from lines in order untouched."""
        dated = self._probe.read(self.decode(raw), now)
        return dated.at if dated else None

    def scan_line(self, number: int, text: str, mode: Mode, now: Instant, notes: list[Note]) -> Hit | None:
        """Judge one line; usually nothing comes of it, sometimes a failure, which keeps its `number`."""
        stamped = self._stamp(text, mode, now, notes)
        if stamped is None:
            return None
        entry = self._enter(stamped)
        if entry is None:
            return None
        for index, pattern in enumerate(self._rules.failures):
            match = pattern.search(entry.searched)
            if match is not None:
                told = self._told(self._window.take(match), match, entry, stamped)
                return self._hit(number, index, told, stamped) if told is not None else None
        return None

    def _enter(self, stamped: Stamped) -> Entry | None:
        """Add the line to the window; nothing if it is ignored early, or the prefix does not match."""
        self._window.push(stamped.line)
        searched = self._window.text()
        if self._has_early_ignore and self._is_ignored(searched):
            return None
        if self._rules.prefix is None:
            return Entry(searched, {})
        prefix = self._rules.prefix.search(searched)
        if prefix is None:
            return None
        groups = self._groups(prefix)
        content = groups.get("content")
        return Entry(f"{content}\n" if content else searched, groups)

    # ------------------------------------------------------------------------------------------ dates

    def _stamp(self, text: str, mode: Mode, now: Instant, notes: list[Note]) -> Stamped | None:
        """Find out when the line was written; nothing if it is too old to matter."""
        dated = self._dates.read(text, now)
        if dated is None or not dated.text or dated.at is None:
            return self._undated(dated, text, mode, now)
        at = dated.at
        if mode is Mode.LIVE and abs(int(at - now)) > FRESH:
            self._warn(f"a line is {_distance(at, now)}, it counts as now: {text[:200]!r}", now, notes)
            at = now
        self._last = at
        if mode is Mode.BACKLOG and at < now - self.jail.findtime:
            return None
        return Stamped(Line(dated.before, dated.text, dated.after), at, at if mode in WRITTEN else now)

    def _undated(self, dated: Dated | None, text: str, mode: Mode, now: Instant) -> Stamped:
        """Give a line without a usable date the date of the last line that had one, if that is fresh."""
        last = self._last
        if last is not None and (mode in WRITTEN or now - last < FRESH):
            return Stamped(Line("", "", text), last, last if mode in WRITTEN else now)
        line = Line(dated.before, dated.text, dated.after) if dated else Line("", "", text)
        needs_none = dated is not None and not dated.text  # the pattern says that lines carry no date
        return Stamped(line, now if needs_none or mode in {Mode.LIVE, Mode.TRIAL} else None, now)

    def _warn(self, text: str, now: Instant, notes: list[Note]) -> None:
        """Say that dates are odd, once a day."""
        if now - self._warned >= ONCE_A_DAY:
            self._warned = now
            notes.append(Note(Topic.TROUBLE, now, self.jail.name, text=text))

    # ---------------------------------------------------------------------------------------- matches

    def _is_ignored(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._rules.ignores)

    def _groups(self, match: re.Match[str]) -> dict[str, Field | None]:
        groups: dict[str, Field | None] = dict(match.groupdict())
        if id(match.re) in self._deriving:
            derive(groups)
        return groups

    def _told(self, taken: Taken, match: re.Match[str], entry: Entry, stamped: Stamped) -> Told | None:
        """Say what a match means, earlier lines of its connection included; nothing if it is ignored."""
        if self._rules.ignores and self._is_ignored(taken.text if self._window.size > 1 else match.string):
            return None
        groups = self._groups(match)
        if entry.prefix:
            given = {name: value for name, value in entry.prefix.items() if name != "content" or not value}
            groups = {**given, **groups}  # a group that took no part hides the prefix's too, as in 1.0.2
        if (connection := groups.get("mlfid")) is not None:
            return self._sessions.merge(str(connection), groups, stamped.line, stamped.clock)
        verdict = Verdict.FORGIVEN if groups.get("nofail") else Verdict.FAILURE
        return Told(verdict, groups, taken.lines)

    def _hit(self, number: int, rule: int, told: Told, stamped: Stamped) -> Hit | None:
        """Make a hit of a failure, unless it has no date, or nobody can be blamed."""
        if told.verdict is not Verdict.FAILURE or stamped.at is None:
            return None
        fields = {name: value for name, value in told.fields.items() if value is not None}
        who = identify(fields, self.jail.usedns)
        if who is None:
            return None
        lines = tuple(line.whole for line in told.lines)
        return Hit(self.jail.name, who.subject, stamped.at, rule, lines, fields, who.is_name, number)


def _distance(at: Instant, now: Instant) -> str:
    """Say how far a date is from now."""
    minutes = abs(at - now) / 60
    return f"{minutes:.0f} min {'old' if at < now else 'ahead of the clock'}"
