"""The last lines of a jail that looks at several at once (`maxlines`), and what a match takes out of them."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple


class Line(NamedTuple):
    """A line around the date that was cut out of it."""

    before: str
    date: str
    after: str

    @property
    def whole(self) -> str:
        """The line as it was written."""
        return self.before + self.date + self.after

    @property
    def searched(self) -> str:
        """What expressions see of it."""
        return self.before + self.after

    def cut(self, length: int) -> Line:
        """Return the line, ended after `length` characters."""
        if len(self.before) + len(self.date) + len(self.after) <= length:
            return self
        before = self.before[:length]
        date = self.date[: length - len(before)]
        return Line(before, date, self.after[: length - len(before) - len(date)])


class Taken(NamedTuple):
    """The lines that a match covers, and the text that expressions see of them."""

    lines: tuple[Line, ...]
    text: str


class Window:
    """The last `size` lines, oldest first."""

    def __init__(self, size: int) -> None:
        self.size = max(1, size)
        self._lines: list[Line] = []

    def push(self, line: Line) -> None:
        """Add a line; the oldest falls out of a full window."""
        if self.size == 1:
            self._lines = [line]
            return
        self._lines.append(line)
        del self._lines[: -self.size]

    def text(self) -> str:
        """Return what expressions are searched in: every line ended by a newline."""
        if self.size == 1:
            return self._lines[0].searched + "\n"
        return "".join(line.searched + "\n" for line in self._lines)

    def take(self, match: re.Match[str]) -> Taken:
        """Take out the lines that a match in `text()` covers, all but those it skipped (`<SKIPLINES>`).

        The match covers whole lines: from the one in which it begins to the one in which it ends. One that
        begins with the newline of a line begins in the next.
        """
        if self.size == 1:
            return Taken((self._lines[0],), self.text())
        starts = list(accumulate((len(line.searched) + 1 for line in self._lines), initial=0))
        begin = match.start() + (match.string[match.start() : match.start() + 1] == "\n")
        covered = set(_indices(starts, begin, match.end()))
        for name in match.re.groupindex:
            if name.startswith("skiplines") and match.start(name) < match.end(name):
                covered -= set(_indices(starts, *match.span(name)))
        taken = [line for index, line in enumerate(self._lines) if index in covered]
        self._lines = [line for index, line in enumerate(self._lines) if index not in covered]
        return Taken(tuple(taken), "".join(line.searched + "\n" for line in taken))


def _indices(starts: list[int], start: int, end: int) -> range:
    """Return the lines that the characters from `start` up to `end` touch."""
    last = max(start, end - 1)
    touched = [
        index for index in range(len(starts) - 1) if starts[index] <= last and start < starts[index + 1]
    ]
    return range(touched[0], touched[-1] + 1) if touched else range(0)
