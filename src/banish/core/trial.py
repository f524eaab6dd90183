"""A jail's rules tried on one line after the other, with everything that came of each line.

The scanner tells failures only; whoever tests expressions wants to know of every line what was ignored, what
all other expressions say of it, and which lines wait or are forgiven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from banish.core.dates import Standing
from banish.core.identity import Identity, identify
from banish.core.match import Entry, JailScanner, Mode, Stamped
from banish.core.model import Field, Hit, Instant
from banish.core.rules import JailRules
from banish.core.sessions import Told, Verdict
from banish.core.window import Line


class Fate(Enum):
    """What became of a line; the nearer to a failure, the earlier."""

    FAILURE = "failure"
    NOBODY = "nobody"  # an expression matches, and names nobody who can be blamed
    PENDING = "pending"  # the failure of a connection of which nobody is known yet
    FORGIVEN = "forgiven"  # an expression matches that says: no failure by itself
    IGNORED = "ignored"
    UNMATCHED = "unmatched"
    UNPREFIXED = "unprefixed"
    OLD = "old"  # before the jail's findtime


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
    `at` is absent if no time is known. `window` is what the prefix was held against, `searched` what failure
    expressions were, `judged` what ignore expressions were; `rule` is the number of the first failure
    expression that matched, `first` what it found. All of them are absent where it did not come to that.
    """

    line: Line
    at: Instant | None = None
    fate: Fate = Fate.OLD
    window: str = ""
    searched: str | None = None
    rule: int | None = None
    first: Finding | None = None
    judged: str | None = None
    ignored_by: int | None = None
    prefix: Mapping[str, Field | None] | None = None
    findings: tuple[Finding, ...] = ()
    taken: tuple[Line, ...] = ()


_FATES: Final = {
    Verdict.FAILURE: Fate.FAILURE,
    Verdict.PENDING: Fate.PENDING,
    Verdict.FORGIVEN: Fate.FORGIVEN,
}


class Trial(JailScanner):
    """The rules of one jail; lines are judged by the clock of `mode`."""

    def __init__(self, rules: JailRules, *, every: bool, mode: Mode = Mode.BACKLOG) -> None:
        """With `every`, expressions after the first that matches are tried too, of single lines at least.

        Without, lines of a connection that are forgiven tell nothing, as they tell the daemon nothing.
        """
        super().__init__(rules)
        self._every = every
        self._mode = mode
        self._reading = Reading(Line("", "", ""))

    def read(self, text: str, now: Instant) -> Reading:
        """Try the rules on a line; its date is found by the jail's patterns."""
        stamped = self._stamp(text, self._mode, now, [])
        return self._read(stamped) if stamped else Reading(Line("", "", text))

    def read_entry(self, line: Line, at: Instant, now: Instant) -> Reading:
        """Try the rules on a line whose date is known."""
        return self._read(Stamped(line, at, now))

    def hit(self, reading: Reading) -> Hit | None:
        """Return the failure that the scanner would make of this line."""
        if reading.first is None:
            return None
        rule, _, at, told = reading.first
        return self._hit(0, rule, told, Stamped(reading.line, at, at or Instant(0)))

    def standings(self) -> Sequence[Standing]:
        """Return the date templates in their present order."""
        return self._dates.standings()

    def _read(self, stamped: Stamped) -> Reading:
        self._reading = reading = Reading(stamped.line, stamped.at, Fate.UNPREFIXED)
        entry = self._enter(stamped)
        reading.window = self._window.text()
        if entry is not None:
            reading.fate, reading.searched = Fate.UNMATCHED, entry.searched
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
            if self._reading.rule is None:
                self._reading.rule = rule
            told = self._told(taken, match, entry, stamped)
            if told is None:
                return
            finding = Finding(rule, identify(told.fields, self.jail.usedns), stamped.at, told)
            self._remember(finding)
            if self._is_told(told, finding.who):
                yield finding
            if not self._every or self.jail.maxlines > 1:
                return

    def _remember(self, finding: Finding) -> None:
        """Keep what decides about the line: the first finding."""
        if self._reading.first is None:
            verdict = finding.told.verdict
            is_nobody = verdict is Verdict.FAILURE and finding.who is None
            self._reading.first = finding
            self._reading.fate = Fate.NOBODY if is_nobody else _FATES[verdict]

    def _is_told(self, told: Told, who: Identity | None) -> bool:
        if told.verdict is Verdict.FORGIVEN:
            return self._every or "mlfid" not in told.fields
        return who is not None or told.verdict is Verdict.PENDING

    def _is_ignored(self, text: str) -> bool:
        """As the scanner does; remembers by which expression."""
        reading = self._reading
        found = (number for number, pattern in enumerate(self._rules.ignores) if pattern.search(text))
        reading.judged, reading.ignored_by = text, next(found, None)
        if reading.ignored_by is not None:
            reading.fate = Fate.IGNORED
        return reading.ignored_by is not None
