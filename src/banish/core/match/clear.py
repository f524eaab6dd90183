"""The rules of one jail held against one line after the other, in the clear and exact way.

Every line is decoded, dated and held against every expression in order. What is faster is built on this, and
compared with it: it is the slow twin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

from banish.core.config import JailConfig
from banish.core.dates import Dated
from banish.core.expression import Expression, Watch
from banish.core.identity import derive, identify, is_derived
from banish.core.match.page import Page
from banish.core.match.searches import Searches
from banish.core.model import Field, Hit, Instant, Note, Seconds, Topic
from banish.core.rules import ID_GROUPS, JailRules
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


class JailScanner:
    """The rules of one jail at work: dates, window of lines, sessions."""

    def __init__(
        self,
        rules: JailRules,
        skip: frozenset[Expression] = frozenset(),
        watch: Watch | None = None,
        *,
        tells_fields: bool = True,
        tells_lines: bool = True,
    ) -> None:
        """Expressions in `skip` match nothing; `watch` is told of each before it is tried.

        Without `tells_fields` hits tell only who it was, not all that the line said of them; without
        `tells_lines` they have no lines.
        """
        self.jail: JailConfig = rules.jail
        self._searches = Searches(rules, skip, watch)
        self._tells_fields = tells_fields
        self._tells_lines = tells_lines
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

    def scan_page(self, page: Page, mode: Mode, now: Instant, notes: list[Note]) -> list[Hit]:
        """Judge all lines of a block, in their order."""
        found = (
            self.scan_line(number, self.decode(raw), mode, now, notes)
            for number, raw in enumerate(page.raw, page.first)
        )
        return [hit for hit in found if hit is not None]

    def scan_line(self, number: int, text: str, mode: Mode, now: Instant, notes: list[Note]) -> Hit | None:
        """Judge one line; usually nothing comes of it, sometimes a failure, which keeps its `number`."""
        if not self._searches.reads_dates:
            return None
        self._searches.begin(number)
        stamped = self._stamp(text, mode, now, notes)
        return self._scan_stamped(number, stamped) if stamped is not None else None

    def _scan_stamped(self, number: int, stamped: Stamped) -> Hit | None:
        """Judge a line whose date is known.

        The first expression that matches decides; one of several lines, if it names somebody. If not, those
        behind it are searched for in what it left.
        """
        entry = self._enter(stamped)
        if entry is None:
            return None
        searched = entry.searched
        for index, search in self._searches.failures:
            match = search(searched)
            if match is None:
                continue
            told = self._told(self._window.take(match), match, entry, stamped)
            if told is None:
                return None
            if self._window.size == 1 or _is_somebodys(told.fields):
                return self._hit(number, index, told, stamped)
            searched = self._window.text()
        return None

    def _enter(self, stamped: Stamped) -> Entry | None:
        """Add the line to the window; nothing if it is ignored early, or the prefix does not match."""
        self._window.push(stamped.line)
        searched = self._window.text()
        if self._has_early_ignore and self._is_ignored(searched):
            return None
        if self._searches.prefix is None:
            return Entry(searched, {})
        prefix = self._searches.prefix(searched)
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
        at = self._last = self._effective(dated.at, text, mode, now, notes)
        if mode is Mode.BACKLOG and at < now - self.jail.findtime:
            return None
        return Stamped(Line(dated.before, dated.text, dated.after), at, at if mode in WRITTEN else now)

    def _effective(self, at: Instant, text: str, mode: Mode, now: Instant, notes: list[Note]) -> Instant:
        """Return the time that a line counts for: of a live one no other than about now."""
        if mode is Mode.LIVE and abs(int(at - now)) > FRESH:
            self._warn(f"a line is {_distance(at, now)}, it counts as now: {text[:200]!r}", now, notes)
            return now
        return at

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
        return any(search(text) for search in self._searches.ignores)

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
            given = {name: value for name, value in entry.prefix.items() if name != "content"}
            groups = {**given, **groups}  # a group that took no part hides the prefix's too, as in 1.0.2
        return self._merged(groups, stamped, taken.lines)

    def _merged(self, groups: dict[str, Field | None], stamped: Stamped, lines: tuple[Line, ...]) -> Told:
        """Say what the groups of a match mean, given what its connection told before."""
        if (connection := groups.get("mlfid")) is not None:
            return self._sessions.merge(str(connection), groups, lines or (stamped.line,), stamped.clock)
        verdict = Verdict.FORGIVEN if groups.get("nofail") else Verdict.FAILURE
        return Told(verdict, groups, lines)

    def _hit(self, number: int, rule: int, told: Told, stamped: Stamped) -> Hit | None:
        """Make a hit of a failure, unless it has no date, or nobody can be blamed."""
        if told.verdict is not Verdict.FAILURE or stamped.at is None:
            return None
        lines = tuple(line.whole for line in told.lines) if self._tells_lines else ()
        return self._blamed(number, rule, told.fields, stamped.at, lines)

    def _blamed(
        self, number: int, rule: int, groups: Mapping[str, Field | None], at: Instant, lines: tuple[str, ...]
    ) -> Hit | None:
        """Make a hit, if somebody can be blamed."""
        fields = {name: value for name, value in groups.items() if value is not None}
        who = identify(fields, self.jail.usedns)
        if who is None:
            return None
        told = fields if self._tells_fields else {}
        return Hit(self.jail.name, who.subject, at, rule, lines, told, who.is_name, number)


def _is_somebodys(groups: Mapping[str, Field | None]) -> bool:
    """Whether a match names somebody, or the connection that will."""
    return any(groups.get(name) is not None for name in ID_GROUPS)


def _distance(at: Instant, now: Instant) -> str:
    """Say how far a date is from now."""
    minutes = abs(at - now) / 60
    return f"{minutes:.0f} min {'old' if at < now else 'ahead of the clock'}"
