"""The fast way through lines of which hardly any matters: only those are judged that have a word in them.

Of the others it is enough to know that the template in use dates them all (`Steady`); what the reader of
dates would have learned from them it is told at once. Exact as the clear way, but for one thing: of live
lines with an odd date only the last of many is warned of.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from banish.core.dates import Peek
from banish.core.match.clear import Mode
from banish.core.match.page import Page
from banish.core.match.settling import State, settled
from banish.core.match.shapes import ShapeScanner
from banish.core.model import Hit, Instant, Note
from banish.core.regex.literals import AnyOf, Demands, demands

_SAMPLE: Final = 65_536  # bytes by which words are chosen


class _Gap(NamedTuple):
    """Lines in a row, from byte to byte, and how many of them were dealt with one by one already."""

    start: int
    end: int
    dealt: int


class SparseScanner(ShapeScanner):
    """The rules of one jail at work on whole blocks, on all lines of them or on some."""

    steady: State | None = None
    _demands: Demands | None = None

    def settle(self) -> bool:
        """Find out whether some lines are enough at the moment: whether its dates have settled, and how."""
        if not (self._sensitivity.is_linewise and self._searches.reads_dates):
            return False
        if self._demands is None:
            self._demands = demands(self._rules.failures, self._rules.prefix)
        if self.steady is None or not self.steady.is_so(self._dates):
            self.steady = settled(self._dates)
        return self.steady.is_usable

    def words(self, page: Page) -> frozenset[str] | None:
        """Return words of which every line has one that an expression matches; nothing if there are none.

        Of those that would do, the ones are taken that are rarest in a block like the ones to come.
        """
        if self.steady is None or self._demands is None:
            return None
        sample = page.block[:_SAMPLE].decode("latin-1").lower()
        chosen: set[str] = set()
        for index, demand in enumerate(self._demands):
            if not self._searches.is_tried(index):
                continue
            sets = [self._whole(words) for words in demand]
            best = min(
                filter(None, sets),
                key=lambda words: (sum(map(sample.count, words)), len(words)),
                default=None,
            )
            if best is None:
                return None
            chosen |= best
        return frozenset(chosen)

    def _whole(self, words: AnyOf) -> AnyOf | None:
        """Return what stands of words in the line as it is written; nothing if too little is left of one."""
        steady = self.steady
        kept = frozenset(steady.unbroken(word) for word in words) if steady is not None else frozenset()
        return kept if all(len(word) > 1 and word.isascii() for word in kept) else None

    def scan_lines(
        self, page: Page, starts: list[int], mode: Mode, now: Instant, notes: list[Note]
    ) -> list[Hit] | None:
        """Judge the lines that begin at `starts`, and learn from all; nothing is done if that will not do.

        The `line` of a hit is the byte at which it begins.
        """
        steady = self.steady
        odd = page.odd(steady) if steady is not None and steady.is_so(self._dates) else None
        if steady is None or odd is None:
            return None
        self._begin(mode, now)
        hits: list[Hit] = []
        after, dealt = 0, 0  # behind the last odd line; lines since then that were dealt with one by one
        different = set(odd)
        for start in sorted({*starts, *odd}):
            raw = page.line_at(start)
            text = self.decode(raw)
            if start in different or self._dates.peek(text, now) is None:
                self._skip(page, _Gap(after, start, dealt), mode, now, notes)
                after, dealt = page.block.index(b"\n", start) + 1, 0
            else:
                dealt += 1
            hit = self.scan_line(start, text, mode, now, notes)
            if hit is not None:
                hits.append(hit)
            if not steady.is_so(self._dates):
                return hits + self._finish(page, page.block.index(b"\n", start) + 1, mode, now, notes)
        self._skip(page, _Gap(after, len(page.block), dealt), mode, now, notes)
        return hits

    def _finish(self, page: Page, start: int, mode: Mode, now: Instant, notes: list[Note]) -> list[Hit]:
        """Go the clear way through the rest: another template dates now."""
        hits: list[Hit] = []
        while start < len(page.block):
            hit = self.scan_line(start, self.decode(page.line_at(start)), mode, now, notes)
            if hit is not None:
                hits.append(hit)
            start = page.block.index(b"\n", start) + 1
        return hits

    def _skip(self, page: Page, gap: _Gap, mode: Mode, now: Instant, notes: list[Note]) -> None:
        """Learn from lines in a row that are dated by the template."""
        start, end, dealt = gap
        if self._dates.is_untouched or start == end:
            return
        count = -page.number_of(start) - dealt + page.number_of(end)
        latest = self.decode(page.line_at(page.line_before(end)))
        peek = self._peek(page, end, latest, now)
        if peek is None:  # a day that does not exist: it takes all to know the last that does
            for raw in page.block[start:end].split(b"\n")[:-1]:
                self._stamp(self.decode(raw.rstrip(b"\r")), mode, now, notes)
        else:
            if count:
                self._dates.repeat(count, latest, now)
            self._last = self._effective(peek.at, latest, mode, now, notes)

    def _peek(self, page: Page, end: int, line: str, now: Instant) -> Peek | None:
        """Read the date of the line that ends here; jails whose logs are dated alike read the same."""
        key = (self.steady.key if self.steady is not None else None, self.jail.logtimezone, end)
        if key not in page.peeks:
            page.peeks[key] = self._dates.peek(line, now)
        return page.peeks[key]
