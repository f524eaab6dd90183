"""Expressions that can never be the one that matches, as one before them matches whatever they match.

Only what can be proved is claimed: each piece of the later expression is a case of a piece of the earlier
one, in the same order. So it is for two that are alike, and for `failed .* from` before `^failed root from`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import chain
from typing import Final, TypeAlias

from banish.core.regex.charset import EVERYTHING, NEWLINE, without
from banish.core.regex.tree import (
    At,
    Atomic,
    Chars,
    Choice,
    Greed,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    refers_back,
)

Items: TypeAlias = tuple[Node, ...]
Places: TypeAlias = frozenset[int]

_ANY: Final = without(EVERYTHING, NEWLINE)
_COPIES: Final = 5  # `x{2,}` is compared as `xxx*`; with larger numbers only with its like


def hides(earlier: Node, later: Node) -> bool:
    """Whether wherever the later expression is found, the earlier one is, too. No means "not proved"."""
    if refers_back(earlier) or refers_back(later):
        return earlier == later
    return _Cover(pieces(earlier)).is_inside(pieces(later))


def pieces(node: Node) -> Items:
    """Return what an expression demands, piece by piece; groups do not matter, repetitions are split."""
    match node:
        case Run(items):
            return tuple(chain.from_iterable(map(pieces, items)))
        case Group(item):
            return pieces(item)
        case Choice(branches):
            return (Choice(tuple(map(_one, branches))),)
        case Repeat(item, least, most, greed):
            return _repeated(Repeat(_one(item), least, most, greed))
        case Look(item, is_ahead, is_negative):
            return (Look(_one(item), is_ahead, is_negative),)
        case _:
            return (node,)


def _one(node: Node) -> Node:
    found = pieces(node)
    return found[0] if len(found) == 1 else Run(found)


def _repeated(repeat: Repeat) -> Items:
    if repeat.greed is Greed.POSSESSIVE or repeat.least > _COPIES:
        return (repeat,)
    copies = pieces(repeat.item) * repeat.least
    rest = None if repeat.most is None else repeat.most - repeat.least
    return copies if rest == 0 else (*copies, Repeat(repeat.item, 0, rest))


class _Cover:
    """The pieces of an expression, and which can follow which; held against those of a narrower one.

    Choices and options stand there twice: as they are, and as the pieces they are made of. A place is the
    number of a piece that may be next; that of the end comes last.
    """

    def __init__(self, items: Items) -> None:
        self._pieces: list[Node] = []
        self._next: list[Places] = []
        self._start = self._add(items, frozenset({-1}))

    def is_inside(self, items: Items) -> bool:
        """Whether a text of these pieces always has one of the cover in it."""
        places = self._start
        for item in items:
            if -1 in places:
                return True
            places = self._after(places, item) | self._start
        return -1 in places

    def is_all(self, items: Items) -> bool:
        """Whether a text of these pieces always is one of the cover."""
        return -1 in self._past(self._start, items)

    def _add(self, items: Iterable[Node], after: Places) -> Places:
        """Add pieces in front of the places `after`; return where they begin."""
        for item in reversed(tuple(items)):
            self._pieces.append(item)
            self._next.append(after)
            begin = frozenset({len(self._pieces) - 1})
            for branch in _instead(item):
                begin |= self._add(pieces(branch), after)
            after = begin
        return after

    def _past(self, places: Places, items: Items) -> Places:
        return reduce(self._after, items, places)

    def _after(self, places: Places, item: Node) -> Places:
        """Return the places that are reached whatever text of `item` comes next."""
        found = frozenset(chain.from_iterable(self._step(place, item) for place in places if place >= 0))
        if isinstance(item, Look | At):
            return found | places  # a condition makes the later expression narrower
        cases = _cases(item)
        if cases:
            found |= frozenset.intersection(*(self._past(places, pieces(case)) for case in cases))
        return found

    def _step(self, place: int, item: Node) -> Places:
        wide = self._pieces[place]
        found = self._next[place] if _takes(wide, item) else frozenset[int]()
        return found | {place} | self._next[place] if _absorbs(wide, item) else found


def _takes(wide: Node, narrow: Node) -> bool:
    """Whether whatever one piece matches, the other can match as a whole."""
    if wide == narrow:
        return True
    match wide, narrow:
        case Chars(), Chars():
            return _is_subset(narrow, wide)
        case Repeat(most=int(most)), Repeat(most=int(fewer)) if wide.greed is not Greed.POSSESSIVE:
            fits = wide.least <= narrow.least and fewer <= most
            return fits and _Cover(pieces(wide.item)).is_all(pieces(narrow.item))
        case _:
            return False


def _absorbs(wide: Node, narrow: Node) -> bool:
    """Whether a piece is made of what `wide` may repeat without a limit."""
    if not isinstance(wide, Repeat) or wide.most is not None or wide.least or wide.greed is Greed.POSSESSIVE:
        return False
    match narrow:
        case Run(items) | Choice(items):
            return all(_absorbs(wide, item) for item in items)
        case Repeat(item) | Atomic(item):
            return _absorbs(wide, item)
        case Look() | At():
            return True
        case _:
            return _Cover(pieces(wide.item)).is_all((narrow,))


def _is_subset(narrow: Chars, wide: Chars) -> bool:
    """Whether it is certain that a set lies in another, beyond the sample, too."""
    if wide.folds_case or narrow.folds_case:
        return False  # what is equal then is a matter of all of Unicode
    if wide.mask == _ANY:
        return wide.spelled.startswith("ANY") and not narrow.mask & NEWLINE
    return narrow.is_ascii and not narrow.mask & ~wide.mask


def _instead(node: Node) -> Items:
    """Return what an earlier expression may match in the place of a choice or of repetitions."""
    match node:
        case Choice(branches):
            return branches
        case Repeat(item, 0, most, greed) if most != 0 and greed is not Greed.POSSESSIVE:
            return (Run(), item)
        case _:
            return ()


def _cases(node: Node) -> Items:
    """Return all that a later expression can match in the place of a choice or an option."""
    match node:
        case Choice(branches):
            return branches
        case Repeat(item, 0, 1):
            return (Run(), item)
        case _:
            return ()
