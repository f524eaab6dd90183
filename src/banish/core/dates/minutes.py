"""Times that were read before, minute by minute: of a line in the same minute only the second is new."""

from __future__ import annotations

import re

from banish.core.dates.clock import Clock
from banish.core.dates.template import Template
from banish.core.model import Instant

_KEPT = 1024  # minutes; those of a log in order follow each other
_LAST = 59  # second of a minute; 60 and 61 are leap seconds, which are read as they stand


class Minutes:
    """Reads the time of a match of a template; the clock is asked once a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._starts: dict[tuple[int, str, str], Instant | None] = {}
        self._now: Instant | None = None
        self.latest: Instant | None = None
        """The first second of the minute that was read last, if seconds are all that differs in it."""

    def read(self, template: Template, match: re.Match[str], now: Instant) -> Instant | None:
        """Return what `template.read` would."""
        digits = match["S"] if "S" in match.re.groupindex else None
        self.latest = None
        if digits is None or len(digits) != len("00") or digits > str(_LAST):
            return template.read(match, self._clock, now)
        if now != self._now:  # guesses of what a date leaves out depend on it
            self._now = now
            self._starts.clear()
        start, end = match.span("S")
        text, shift = match[0], match.start()
        key = id(template), text[: start - shift], text[end - shift :]
        if key in self._starts:
            zero = self._starts[key]
        else:
            zero = self._remember(key, self._zero(template, match, now))
        self.latest = zero
        return template.read(match, self._clock, now) if zero is None else Instant(zero + int(digits))

    def _remember(self, key: tuple[int, str, str], zero: Instant | None) -> Instant | None:
        if len(self._starts) >= _KEPT:
            self._starts.clear()
        self._starts[key] = zero
        return zero

    def _zero(self, template: Template, match: re.Match[str], now: Instant) -> Instant | None:
        """Return the first second of this minute, if the last is 59 s later: no guess differs then."""
        ends = [self._at(template, match, digits, now) for digits in ("00", str(_LAST))]
        zero, last = ends
        return zero if zero is not None and last is not None and last - zero == _LAST else None

    def _at(self, template: Template, match: re.Match[str], digits: str, now: Instant) -> Instant | None:
        """Read the same date with another second, if it can be found at the same place."""
        start, end = match.span("S")
        line = match.string
        other = template.regex.search(f"{line[:start]}{digits}{line[end:]}")
        if other is None or other.span() != match.span() or other.span("S") != (start, end):
            return None
        return template.read(other, self._clock, now)
