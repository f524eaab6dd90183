"""What a text must contain for an expression to match: the words that a quick search can look for.

Only ASCII texts are spoken of, and case is left aside: all words are in lower case. Every answer is a set of
which at least one must be there, whatever else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

from banish.core.regex.charset import SAMPLE, CharSet
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import (
    At,
    Atomic,
    Chars,
    Choice,
    Conditional,
    Group,
    Look,
    Node,
    Repeat,
    Run,
)

AnyOf: TypeAlias = "frozenset[str]"
"""Words of which one must be there."""

Demands: TypeAlias = "tuple[tuple[AnyOf, ...], ...]"
"""By expression, sets of words."""

_FEW: Final = 4  # characters that one place may have to be spelled out
_PRODUCT: Final = 64  # words that come of putting sets together
_MANY: Final = 4_000  # words of a list; the longest stock one names 400 robots
_SHORTEST: Final = 3  # characters; shorter words are everywhere
_WRITTEN_OUT: Final = 4  # repetitions
_ASCII: Final = (1 << 128) - 1


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression: all it can match, if that is little, and what any match of it must contain."""

    exact: AnyOf | None = None
    needed: tuple[AnyOf, ...] = ()


_NOTHING: Final = _Part(exact=frozenset({""}))
_ANYTHING: Final = _Part()


@lru_cache(maxsize=4096)
def required(regex: str, flags: int = 0) -> tuple[AnyOf, ...]:
    """Return sets of words; of each set, every text that the expression matches contains one at least."""
    tree = tree_of(regex, flags)
    if tree is None:
        return ()
    part = _part(tree)
    return _useful([*part.needed, *([part.exact] if part.exact else [])])


def demands(failures: Sequence[re.Pattern[str]], prefix: re.Pattern[str] | None) -> Demands:
    """Return by failure expression the sets of words of which a line it and the prefix match has one each."""
    around = required(prefix.pattern, prefix.flags) if prefix is not None else ()
    return tuple((*required(each.pattern, each.flags), *around) for each in failures)


def _useful(sets: Iterable[AnyOf]) -> tuple[AnyOf, ...]:
    """Keep the sets of which all words are long enough to look for, each line end apart."""
    found: dict[AnyOf, None] = {}
    for words in sets:
        whole = frozenset(max(word.split("\n"), key=len) for word in words)
        if whole and min(map(len, whole)) >= _SHORTEST:
            found[whole] = None
    return tuple(found)


def _part(node: Node) -> _Part:
    match node:
        case Chars(mask):
            return _characters(mask)
        case At() | Look():
            return _NOTHING
        case Group(item) | Atomic(item):
            return _part(item)
        case Run(items):
            return _joined([_part(item) for item in items])
        case Choice(branches):
            return _either([_part(branch) for branch in branches])
        case Conditional(_, yes, no):
            return _either([_part(yes), _part(no)])
        case Repeat(item, least, most):
            return _repeated(_part(item), least, most)
        case _:
            return _ANYTHING


def _characters(mask: CharSet) -> _Part:
    rest, found = mask & _ASCII, set()
    while rest:
        lowest = rest & -rest
        found.add(SAMPLE[lowest.bit_length() - 1].lower())
        if len(found) > _FEW:
            return _ANYTHING
        rest ^= lowest
    return _Part(exact=frozenset(found)) if found else _ANYTHING


@dataclass(slots=True)
class _Joining:
    """Parts one after the other: words grow as long as they are few."""

    words: AnyOf = frozenset({""})
    is_all: bool = True
    needed: list[AnyOf] = field(default_factory=list)

    def add(self, part: _Part) -> None:
        self.needed += part.needed
        if part.exact is None:
            self.flush()
        elif len(part.exact) * len(self.words) > max(_PRODUCT, len(part.exact), len(self.words)):
            self.flush()
            self.words = part.exact
        else:
            self.words = frozenset(map("".join, product(self.words, part.exact)))

    def flush(self) -> None:
        self.needed.append(self.words)
        self.words, self.is_all = frozenset({""}), False


def _joined(parts: Sequence[_Part]) -> _Part:
    joining = _Joining()
    for part in parts:
        joining.add(part)
    if joining.is_all:
        return _Part(joining.words, tuple(joining.needed))
    joining.flush()
    return _Part(None, _useful(joining.needed))


def _either(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts) and (whole := _united(exact)) is not None:
        return _Part(exact=whole)
    best = [words for part in parts if (words := _best(part)) is not None]
    union = _united(best) if len(best) == len(parts) else None
    return _ANYTHING if union is None else _Part(None, (union,))


def _united(sets: Sequence[AnyOf]) -> AnyOf | None:
    """Put sets together, unless that becomes too much."""
    whole = frozenset().union(*sets)
    return whole if len(whole) <= _MANY else None


def _best(part: _Part) -> AnyOf | None:
    """Return the set that is likely to be the rarest: of long words, and few."""
    sets = _useful([*part.needed, *([part.exact] if part.exact else [])])
    return max(sets, key=lambda words: (min(8, *map(len, words)), -len(words)), default=None)


def _repeated(part: _Part, least: int, most: int | None) -> _Part:
    if most is not None and most <= _WRITTEN_OUT and part.exact is not None and len(part.exact) <= _FEW:
        words: set[str] = set()
        for times in range(least, most + 1):
            words |= set(map("".join, product(part.exact, repeat=times)))
        if len(words) <= _PRODUCT:
            return _Part(exact=frozenset(words))
    if not least:
        return _ANYTHING
    return _Part(None, _useful([*part.needed, *([part.exact] if part.exact else [])]))
