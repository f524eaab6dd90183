"""Hold a log against filters: every line that is a failure and, if wanted, what became of all others."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from banish.core.match import Mode, Scanner
from banish.core.model import Hit, Instant, Lines
from banish.core.rules import Program
from banish.core.trial import Fate, Reading, Trial
from banish.core.window import Line


class Row(NamedTuple):
    """One line, its number from 1, and its failures, in the order of the filters.

    A line without a failure has its best fate, and what expressions saw of it: the content that the prefix
    cut out, or what stands before and behind the date.
    """

    number: int
    text: str
    hits: Sequence[Hit]
    fate: Fate = Fate.FAILURE
    seen: tuple[str, ...] = ()


@dataclass(slots=True)
class Total:
    """How many lines have been read, and of how many no date was found, the first among them."""

    lines: int = 0
    undated: int = 0
    first_undated: int = 0


def matches(program: Program, blocks: Iterable[Lines], now: Instant, total: Total) -> Iterator[Row]:
    """Yield the lines that are failures, the fast way."""
    scanner = Scanner(program, Mode.TRIAL)
    jails = [rules.jail.name for rules in program]
    encoding = program.jails[0].encoding
    for lines in blocks:
        texts = lines.block[:-1].split(b"\n")
        here: dict[int, list[Hit]] = {}
        for hit in scanner.scan(lines, jails, now).hits:
            here.setdefault(hit.line, []).append(hit)
        for index, hits in here.items():
            yield Row(total.lines + index + 1, texts[index].rstrip(b"\r").decode(encoding, "replace"), hits)
        total.lines += len(texts)


def judgements(program: Program, blocks: Iterable[Lines], now: Instant, total: Total) -> Iterator[Row]:
    """Yield every line, but for those that a failure of several lines took with it."""
    trials = [Trial(rules, every=False, mode=Mode.TRIAL) for rules in program]
    waiting = _Waiting(max(rules.jail.maxlines for rules in program))
    for lines in blocks:
        for raw in lines.block[:-1].split(b"\n"):
            total.lines += 1
            line = raw.rstrip(b"\r\n")
            readings = [trial.read(trial.decode(line), now) for trial in trials]
            yield from waiting.add(_row(total, trials, readings), readings)
    yield from waiting.rest()


def _row(total: Total, trials: Sequence[Trial], readings: Sequence[Reading]) -> Row:
    found = (trial.hit(reading) for trial, reading in zip(trials, readings, strict=True))
    hits = [hit for hit in found if hit is not None]
    line = max((reading.line for reading in readings), key=lambda line: bool(line.date))
    if not line.date:
        total.undated += 1
        total.first_undated = total.first_undated or total.lines
    if hits:
        return Row(total.lines, line.whole, hits)
    best = min(readings, key=lambda reading: _RANK[reading.fate])
    return Row(total.lines, line.whole, (), best.fate, _seen(best, line))


def _seen(reading: Reading, line: Line) -> tuple[str, ...]:
    if reading.searched and reading.prefix and reading.prefix.get("content"):
        return (reading.searched.rstrip("\n"),)
    return (line.before, line.after) if line.date else (line.after,)


_RANK = {fate: rank for rank, fate in enumerate(Fate)}


class _Waiting:
    """Lines without a failure, as long as a later one may be a failure together with them."""

    def __init__(self, maxlines: int) -> None:
        self._maxlines = maxlines
        self._rows: deque[tuple[Row, Sequence[Reading]]] = deque()

    def add(self, row: Row, readings: Sequence[Reading]) -> Iterator[Row]:
        """Yield what is certain: failures at once, other lines when they are out of reach."""
        if self._maxlines > 1:
            taken = {id(line) for reading in readings for line in reading.taken}
            self._rows = deque(
                each for each in self._rows if taken.isdisjoint(id(reading.line) for reading in each[1])
            )
        if row.hits:
            yield row
            return
        self._rows.append((row, readings))
        if len(self._rows) >= self._maxlines:
            yield self._rows.popleft()[0]

    def rest(self) -> Iterator[Row]:
        """Yield what still waited."""
        return (row for row, _ in self._rows)
