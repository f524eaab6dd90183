"""Dates by their text: of lines whose date stands at the same place and is told by the same characters."""

from __future__ import annotations

from typing import Final

from banish.core.dates import Peek
from banish.core.dates.template import Template
from banish.core.match.found import Cut
from banish.core.model import Instant

_MOST: Final = 10_000  # texts remembered
_DIGITS: Final = 2  # of a second
_LAST: Final = "59"


class Stamps:
    """What was read before, by the first `compared` characters of a line; `cut` is where the date stands."""

    def __init__(self, cut: Cut, compared: int, second: int | None) -> None:
        """`second` is where the two digits of the second stand, if another one can stand there as well."""
        self.cut = cut
        self.compared = compared
        self.read: dict[str, Instant] = {}
        self._second = second
        self._minutes: dict[str, Instant] = {}

    def add(self, line: str, at: Instant, peek: Peek) -> None:
        """Remember the date of a line, and by `peek`, what was read, those of the same minute."""
        self.keep(line, at)
        if self._second is not None and self._second == peek.second and peek.minute is not None:
            if len(self._minutes) >= _MOST:
                self._minutes.clear()
            self._minutes[self._minute(line, self._second)] = peek.minute

    def keep(self, line: str, at: Instant) -> None:
        """Remember what a line with this date counts for."""
        if len(self.read) >= _MOST:
            self.read.clear()
        self.read[line[: self.compared]] = at

    def tell(self, line: str) -> Instant | None:
        """Return the date of a line of a known minute, as it was written."""
        place = self._second
        start = None if place is None else self._minutes.get(self._minute(line, place))
        if place is None or start is None:
            return None
        digits = line[place : place + _DIGITS]
        return Instant(start + int(digits)) if digits <= _LAST else None

    def clear(self) -> None:
        """Forget all dates."""
        self.read.clear()
        self._minutes.clear()

    def _minute(self, line: str, second: int) -> str:
        return line[:second] + line[second + _DIGITS : self.compared]


def second_in(template: Template, line: str, peek: Peek) -> int | None:
    """Return where the second stands in a line, if the template finds any other one in the same way."""
    place = peek.second
    if place is None:
        return None
    search = template.regex.search
    for number in range(60):
        match = search(f"{line[:place]}{number:02}{line[place + _DIGITS :]}")
        if match is None or match.span(1) != (peek.start, peek.end) or match.end() != peek.stop:
            return None
        if match.span("S") != (place, place + _DIGITS):
            return None
    return place
