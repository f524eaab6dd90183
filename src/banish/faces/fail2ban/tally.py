"""What came of all lines: counts, and the lines and failures that a report lists."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from banish.core.model import Field, Instant
from banish.core.sessions import Verdict
from banish.core.trial import Reading
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure, Id

FEW: Final = 20  # lines; a list of so many or more is printed only on demand
PREFIXES: Final = 20  # groups of the prefix that are listed


class Mark(NamedTuple):
    """Who matched an expression, and when; `is_third` if two others found a failure in the line before."""

    id: Id
    at: Instant | None
    is_third: bool


@dataclass(slots=True)
class Kind:
    """Lines of one fate: how many, and those of them that are kept; `limit` absent: all are."""

    limit: int | None
    count: int = 0
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Count a line, and keep it if there is room."""
        self.count += 1
        if self.limit is None or len(self.lines) < self.limit:
            self.lines.append(line)


class Tally:
    """Counts line after line; call `close` after the last."""

    def __init__(self, matched: Kind, ignored: Kind, missed: Kind, *, maxlines: int, marks: bool) -> None:
        """With `marks`, every match of every expression is remembered."""
        self.matched, self.ignored, self.missed = matched, ignored, missed
        self.total = 0
        self.prefix_hits = 0
        self.prefixes: list[Mapping[str, Field | None]] = []
        self.fail_hits: Counter[int] = Counter()
        self.ignore_hits: Counter[int] = Counter()
        self.marks: dict[int, list[Mark]] = {}
        self._has_marks = marks
        self._recent: deque[Line] = deque()  # missed lines that a match may yet take out of the window
        self._maxlines = maxlines

    def add(self, reading: Reading, failures: Sequence[Failure]) -> None:
        """Count a line and what was found in it."""
        self.total += 1
        if reading.prefix is not None:
            self.prefix_hits += 1
            if len(self.prefixes) < PREFIXES:
                self.prefixes.append(reading.prefix)
        for line in reading.taken:
            if line in self._recent:
                self._recent.remove(line)
                self.matched.add(line)
        self._mark(failures)
        self._sort(reading, failures)

    def _mark(self, failures: Sequence[Failure]) -> None:
        others = 0
        for failure in failures:
            self.fail_hits[failure.rule] += 1
            if self._has_marks:
                mark = Mark(failure.id, failure.at, others > 1)
                self.marks.setdefault(failure.rule, []).append(mark)
            others += failure.verdict is not Verdict.FORGIVEN

    def _sort(self, reading: Reading, failures: Sequence[Failure]) -> None:
        if reading.ignored_by is not None:
            self.ignore_hits[reading.ignored_by] += 1
            self.ignored.add(reading.line)
        elif any(failure.verdict is Verdict.FORGIVEN for failure in failures):
            self.ignored.add(reading.line)
        elif failures:
            self.matched.add(reading.line)
        else:
            self._recent.append(reading.line)
        if len(self._recent) >= self._maxlines:
            self.missed.add(self._recent.popleft())

    def close(self) -> None:
        """Count what was still waiting."""
        while self._recent:
            self.missed.add(self._recent.popleft())
