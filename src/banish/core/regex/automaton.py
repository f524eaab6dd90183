"""An expression as an automaton: which character can follow which.

Every character set of the tree becomes a position (Glushkov's construction); what looks around or back is
left out, so that the automaton accepts more than the expression. Repetitions with a limit are written out as
far as there is room, and have no limit beyond.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from banish.core.regex.charset import EVERYTHING, CharSet, common, pick
from banish.core.regex.tree import (
    At,
    Atomic,
    Chars,
    Choice,
    Conditional,
    Group,
    Node,
    Repeat,
    Run,
)

MOST: Final = 20_000
"""Positions; the largest stock expression, a list of names, has 12,000. A larger one is not looked at."""

_WRITTEN_OUT: Final = 20  # repetitions


class TooLargeError(Exception):
    """The automaton would get too large to be searched."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the automaton: where it begins, where it ends, whether it can be nothing."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    is_empty: bool = True


@dataclass(slots=True)
class Automaton:
    """Positions and what follows them.

    `follow[p]` is position → in how many ways it follows. `loops` are the outermost repetitions without a
    limit, each a range of positions that all lead to each other. Position 0 is the search for the
    beginning, which passes over anything unless the expression is bound to the beginning of the text.
    """

    masks: list[CharSet] = field(default_factory=lambda: [EVERYTHING])
    follow: list[dict[int, int]] = field(default_factory=lambda: [{}])
    loops: list[range] = field(default_factory=list)
    starts: tuple[int, ...] = ()
    ends: frozenset[int] = frozenset()
    """Positions at which a match can end; a match of nothing has none."""
    is_empty: bool = False
    """Whether a match can be nothing."""

    def matching(self, tried: Iterable[int], mask: CharSet) -> list[int]:
        """Return those of some positions at which a character of a set can stand."""
        return [position for position in tried if common(self.masks[position], mask)]

    def following(self, positions: Iterable[int]) -> frozenset[int]:
        """Return all positions that can come right after some."""
        return frozenset().union(*(self.follow[position] for position in positions))

    def path(self, sources: Iterable[int], goal: int) -> str | None:
        """Return the shortest text from one of `sources`, its own character included, to `goal`."""
        before: dict[int, int] = dict.fromkeys(sources, -1)
        waiting = deque(before)
        while waiting:
            here = waiting.popleft()
            if here == goal:
                return _text(self.masks, before, here)
            for there in self.follow[here]:
                if there not in before:
                    before[there] = here
                    waiting.append(there)
        return None


def _text(masks: list[CharSet], before: dict[int, int], end: int) -> str:
    characters: list[str] = []
    while end >= 0:
        characters.append(pick(masks[end]))
        end = before[end]
    return "".join(reversed(characters))


def automaton(tree: Node) -> Automaton:
    """Build the automaton of an expression; `TooLargeError` if it has too many positions."""
    building = _Building()
    part = building.part(tree)
    made = building.made
    made.starts = part.first
    made.ends = frozenset(part.last)
    made.is_empty = part.is_empty
    if not _is_held(tree):
        made.follow[0] = dict.fromkeys((0, *part.first), 1)
        made.loops.insert(0, range(1))
        made.starts = (0, *part.first)
    return made


def _is_held(node: Node) -> bool:
    """Whether every match begins at the beginning of the text."""
    match node:
        case At(kind, is_multiline):
            return kind == "AT_BEGINNING_STRING" or (kind == "AT_BEGINNING" and not is_multiline)
        case Run(items):
            return bool(items) and _is_held(items[0])
        case Choice(branches):
            return all(map(_is_held, branches))
        case Group(item) | Atomic(item):
            return _is_held(item)
        case _:
            return False


class _Building:
    def __init__(self) -> None:
        self.made = Automaton()
        self._is_inside = False  # a loop

    def part(self, node: Node) -> Part:
        match node:
            case Chars(mask):
                return self._position(mask)
            case Run(items):
                return self._joined(map(self.part, items))
            case Choice(branches):
                return _either([self.part(branch) for branch in branches])
            case Conditional(_, yes, no):
                return _either([self.part(yes), self.part(no)])
            case Group(item) | Atomic(item):
                return self.part(item)
            case Repeat(item, least, most):
                return self._repeated(item, least, most)
            case _:  # what has no width, and what a group has matched
                return Part()

    def _position(self, mask: CharSet) -> Part:
        number = len(self.made.masks)
        if number >= MOST:
            raise TooLargeError
        self.made.masks.append(mask)
        self.made.follow.append({})
        return Part((number,), (number,), is_empty=False)

    def _joined(self, parts: Iterable[Part]) -> Part:
        whole = Part()
        for part in parts:
            self._link(whole.last, part.first)
            whole = Part(
                (*whole.first, *part.first) if whole.is_empty else whole.first,
                (*whole.last, *part.last) if part.is_empty else part.last,
                is_empty=whole.is_empty and part.is_empty,
            )
        return whole

    def _link(self, sources: Iterable[int], targets: tuple[int, ...]) -> None:
        for source in sources:
            follow = self.made.follow[source]
            for target in targets:
                follow[target] = follow.get(target, 0) + 1

    def _repeated(self, item: Node, least: int, most: int | None) -> Part:
        if most is not None and most <= _WRITTEN_OUT:
            copies = [self.part(item) for _ in range(least)]
            return self._joined([*copies, self._optional(item, most - least)])
        copies = [self.part(item) for _ in range(min(least - 1, _WRITTEN_OUT))]
        return self._joined([*copies, self._loop(item, is_empty=not least)])

    def _optional(self, item: Node, times: int) -> Part:
        """Return (item(item(item)?)?)?: each copy can only be reached through the one before."""
        whole = Part()
        for _ in range(times):
            whole = self._joined([self.part(item), whole])
            whole = Part(whole.first, whole.last, is_empty=True)
        return whole

    def _loop(self, item: Node, *, is_empty: bool) -> Part:
        is_outermost, self._is_inside = not self._is_inside, True
        start = len(self.made.masks)
        part = self.part(item)
        self._link(part.last, part.first)
        if is_outermost:
            self._is_inside = False
            self.made.loops.append(range(start, len(self.made.masks)))
        return Part(part.first, part.last, is_empty=is_empty or part.is_empty)


def _either(parts: Iterable[Part]) -> Part:
    found = list(parts)
    return Part(
        tuple(position for part in found for position in part.first),
        tuple(position for part in found for position in part.last),
        is_empty=any(part.is_empty for part in found),
    )
