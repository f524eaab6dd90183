"""Read the dates of one jail's lines: find the text, cut it out, tell the time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from banish.core.dates.clock import Clock
from banish.core.dates.detector import Detector, Place, Standing
from banish.core.dates.minutes import Minutes
from banish.core.dates.pattern import DEFAULT, is_family, templates
from banish.core.dates.template import Template
from banish.core.dates.zones import logtimezone as minutes_east
from banish.core.errors import RuleError
from banish.core.model import Instant


@dataclass(frozen=True, slots=True)
class Dated:
    """A line around the text of its date, which is cut out; `before + text + after` is the line.

    `at` is absent with a `text` that is no time that exists (30 February, an unknown zone), and also with
    an empty `text`: the pattern accepts lines without a date, as `{NONE}` does. Such a line is not at
    fault; its time is that of the last dated line if that is recent, else the present.
    """

    before: str
    text: str
    after: str
    at: Instant | None


class Peek(NamedTuple):
    """Where a date stands in a line, where the search for it ended, and when it was.

    `second` is where the two digits of the second stand, and `minute` when the minute began; absent where
    more than these digits would have to be looked at to read another date of this minute.
    """

    start: int
    end: int
    stop: int
    at: Instant
    second: int | None = None
    minute: Instant | None = None


class DateReader:
    """Reads dates by patterns of the configuration; learns from each line where the next date may be.

    Without `patterns`, or with blank ones only, it knows the formats everybody uses. `zone` is the machine's,
    `year` the year of start, by which `%ExY` tells plausible years. `logtimezone` is the zone of times that
    name none, in place of `zone`. `RuleError` if a pattern or `logtimezone` cannot be understood.
    """

    def __init__(self, patterns: Sequence[str], zone: tzinfo, year: int, logtimezone: str = "") -> None:
        self._minutes = Minutes(Clock(zone, minutes_east(logtimezone)))
        self._latest: tuple[tuple[Template, str, Instant], Instant | None] | None = None
        self._detector = Detector(
            _all_templates([text for each in patterns if (text := each.strip())] or [DEFAULT], year)
        )

    def read(self, line: str, now: Instant) -> Dated | None:
        """Find the date of a line without its line end; absent: no pattern matches. Never raises."""
        found = self._detector.find(line, now)
        if found is None:
            return None
        template, match = found
        start, end = match.span(1)
        if start == end:  # also (-1, -1), a group that took no part
            return Dated("", "", line, None)
        return Dated(line[:start], line[start:end], line[end:], self._time(template, match, now))

    @property
    def favourite(self) -> Template | None:
        """The template that dates every line it matches, if there is one at the moment."""
        return self._detector.favourite

    @property
    def is_untouched(self) -> bool:
        """Whether no line has had a date so far."""
        return self._detector.is_untouched

    @property
    def latest(self) -> tuple[Template, Place] | None:
        """The template that dated the last line that had a date, and where it stood; absent if none had."""
        return self._detector.latest

    def peek(self, line: str, now: Instant) -> Peek | None:
        """Read a date by the latest template, without learning from it; absent if it finds no time."""
        latest = self._detector.latest
        if latest is None:
            return None
        template = latest[0]
        match = template.regex.search(line)
        if match is None or match.start(1) == match.end(1):
            return None
        at = self._time(template, match, now)
        if at is None:
            return None
        minute = self._minutes.latest
        second = None if minute is None else match.start("S")
        return Peek(*match.span(1), match.end(), at, second, minute)

    def repeat(self, times: int, line: str, now: Instant) -> None:
        """Learn as much as from reading `times` lines dated by the latest template; this is the last"""
        self._detector.repeat(times, line, now)

    def _time(self, template: Template, match: re.Match[str], now: Instant) -> Instant | None:
        """Tell the time of a match; lines in a row are often of the same second, or at least minute."""
        asked = (template, match[0], now)
        if self._latest is None or self._latest[0] != asked:
            self._latest = asked, self._minutes.read(template, match, now)
        return self._latest[1]

    def templates(self) -> Sequence[tuple[str, int]]:
        """Names of the templates in the order in which they are tried now, and the lines each has dated."""
        return [(standing.template.name, standing.hits) for standing in self.standings()]

    def standings(self) -> Sequence[Standing]:
        """Return the templates in the order in which they are tried now."""
        return self._detector.ranking()


def _all_templates(patterns: Sequence[str], year: int) -> Sequence[Template]:
    """Compile the patterns, in order; the same twice is a mistake."""
    found: dict[str, Template] = {}
    for pattern in patterns:
        for template in templates(pattern, year):
            if template.name not in found:
                found[template.name] = template
            elif not is_family(pattern):
                raise RuleError(
                    f'datepattern "{pattern}": means the same as one before it; remove one of them'
                )
    return list(found.values())
