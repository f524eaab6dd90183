"""A jail's rules tried on one line after the other, with everything that came of each line.

The scanner tells failures only; whoever tests expressions wants to know of every line what was ignored, what
all other expressions say of it, and which lines wait or are forgiven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from banish.core.dates import Standing
from banish.core.identity import Identity, identify
from banish.core.match import Entry, JailScanner, Mode, Stamped
from banish.core.model import Field, Instant
from banish.core.rules import JailRules
from banish.core.sessions import Told, Verdict
from banish.core.window import Line


class Finding(NamedTuple):
    """What one expression found: its number from 0, who it was if that is known, when, and what is told."""

    rule: int
    who: Identity | None
    at: Instant | None
    told: Told


@dataclass(slots=True)
class Reading:
    """What came of a line.

    `ignored_by` is the number of the ignore expression that matched it. `prefix` holds the groups of the
    prefix, and nothing if it does not match or there is none. `taken` are the lines that matches removed from
    the window, this one included.
    """

    line: Line
    ignored_by: int | None = None
    prefix: Mapping[str, Field | None] | None = None
    findings: tuple[Finding, ...] = ()
    taken: tuple[Line, ...] = ()


class Trial(JailScanner):
    """The rules of one jail; lines are taken for old ones, whose own dates count."""

    def __init__(self, rules: JailRules, *, every: bool) -> None:
        """With `every`, expressions after the first that matches are tried too, of single lines at least.

        Without, lines of a connection that are forgiven tell nothing, as they tell the daemon nothing.
        """
        super().__init__(rules)
        self._every = every
        self._reading = Reading(Line("", "", ""))

    def read(self, text: str, now: Instant) -> Reading:
        """Try the rules on a line; its date is found by the jail's patterns."""
        stamped = self._stamp(text, Mode.BACKLOG, now, [])
        return self._read(stamped) if stamped else Reading(Line("", "", text))

    def read_entry(self, line: Line, at: Instant, now: Instant) -> Reading:
        """Try the rules on a line whose date is known."""
        return self._read(Stamped(line, at, now))

    def standings(self) -> Sequence[Standing]:
        """Return the date templates in their present order."""
        return self._dates.standings()

    def _read(self, stamped: Stamped) -> Reading:
        self._reading = reading = Reading(stamped.line)
        entry = self._enter(stamped)
        if entry is not None:
            reading.prefix = entry.prefix if self._rules.prefix else None
            reading.findings = tuple(self._findings(entry, stamped))
        return reading

    def _findings(self, entry: Entry, stamped: Stamped) -> Iterator[Finding]:
        for rule, pattern in enumerate(self._rules.failures):
            match = pattern.search(entry.searched)
            if match is None:
                continue
            taken = self._window.take(match)
            self._reading.taken += taken.lines
            told = self._told(taken, match, entry, stamped)
            if told is None:
                return
            who = identify(told.fields, self.jail.usedns)
            if self._is_told(told, who):
                yield Finding(rule, who, stamped.at, told)
            if not self._every or self.jail.maxlines > 1:
                return

    def _is_told(self, told: Told, who: Identity | None) -> bool:
        if told.verdict is Verdict.FORGIVEN:
            return self._every or "mlfid" not in told.fields
        return who is not None or told.verdict is Verdict.PENDING

    def _is_ignored(self, text: str) -> bool:
        """As the scanner does; remembers by which expression."""
        found = (number for number, pattern in enumerate(self._rules.ignores) if pattern.search(text))
        self._reading.ignored_by = next(found, None)
        return self._reading.ignored_by is not None
