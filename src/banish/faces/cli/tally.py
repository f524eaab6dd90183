"""What came of all lines of a log: how often each expression matched, and what the other lines look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from banish.core.model import Hit
from banish.core.rules import JailRules
from banish.core.shape import Shapes, shape_of
from banish.core.trial import Fate
from banish.faces.cli.page import Page
from banish.faces.cli.show import counted
from banish.faces.cli.tryout import Row

_HEADS: Final[Mapping[Fate, str]] = {
    Fate.UNMATCHED: "that no failregex matches",
    Fate.UNPREFIXED: "that prefregex does not match: of another program, or in another format",
    Fate.IGNORED: "that an ignoreregex forgives",
    Fate.NOBODY: "that a failregex matches, though nobody can be blamed",
    Fate.PENDING: "that a failregex matches, of connections that have told no address yet",
    Fate.FORGIVEN: "that a failregex matches as no failure by themselves (<F-NOFAIL>)",
}
"""What became of lines that are no failure, in the order in which they are told."""

_COLUMNS: Final = 20  # in front of a shape


class Matches:
    """Counts failures by expression."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names` are the filters by the names of their jails."""
        self._names = names
        self._counts: Counter[tuple[str, int]] = Counter()
        self._first: dict[tuple[str, int], int] = {}

    def add(self, number: int, hit: Hit) -> int:
        """Count a failure; return how many the expression has found by now."""
        key = (hit.jail, hit.rule)
        self._counts[key] += 1
        self._first.setdefault(key, number)
        return self._counts[key]

    def __bool__(self) -> bool:
        return bool(self._counts)

    def lines(self, rules: JailRules, total: int, page: Page) -> Iterator[str]:
        """Yield the summary of one filter."""
        jail = rules.jail.name
        found = sorted(
            ((rule, count) for (name, rule), count in self._counts.items() if name == jail),
            key=lambda item: (-item[1], item[0]),
        )
        matching = sum(count for _, count in found)
        summary = f"{self._names[jail]}: {matching} of {total} lines match"
        yield page.ink.good(summary) if matching else page.ink.bad(summary)
        if found:
            yield f"{'lines':>8}  {'first at':>8}  regex"
        for rule, count in found:
            text = page.cut(rules.jail.failregex[rule].text, _COLUMNS + 5)
            yield f"{count:>8}  {self._first[jail, rule]:>8}  #{rule + 1:<3} {text}"


class Misses:
    """Counts the shapes of lines that are no failure, by what became of them."""

    def __init__(self) -> None:
        self._shapes = {fate: Shapes() for fate in _HEADS}

    def add(self, row: Row) -> None:
        """Count a line."""
        self._shapes[row.fate].add(row.number, "<date>".join(map(shape_of, row.seen)))

    def first(self) -> int | None:
        """Return a line that somebody may ask about: the first of those that look most alike."""
        shapes = next((each for each in self._shapes.values() if each.count), None)
        return shapes.ranking()[0][1].first if shapes else None

    def lines(self, most: int | None, page: Page) -> Iterator[str]:
        """Yield at most so many shapes of each fate; all without a limit."""
        for fate, shapes in self._shapes.items():
            if shapes.count:
                yield ""
                yield page.ink.head(f"{counted(shapes.count, 'line')} {_HEADS[fate]}")
                yield from _table(shapes, most, page)


def _table(shapes: Shapes, most: int | None, page: Page) -> Iterator[str]:
    ranking = shapes.ranking()
    yield f"{'lines':>8}  {'first at':>8}  shape"
    for shape, seen in ranking[:most]:
        text = page.cut(shape.strip() or "(nothing)", _COLUMNS)
        yield f"{seen.count:>8}  {seen.first:>8}  {text}"
    if most is not None and (rest := ranking[most:]):
        count = sum(seen.count for _, seen in rest)
        yield f"{count:>8}            in {counted(len(rest), 'more shape')}; --misses all shows them"
    if shapes.others:
        yield f"{shapes.others:>8}            in shapes beyond the {len(ranking)} that there is room for"
