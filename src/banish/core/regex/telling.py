"""Which digits of a text an expression tells from others.

`11: Bye` compares two digits, wherever else there are some in the line. Texts that differ in others only are
the same to it: it takes the same way through both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import DIGITS, CharSet, having, is_particular
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Back, Chars, Look, Node, walk

_DIGITS: Final = frozenset("0123456789")
_KEPT: Final = 4096  # steps remembered of an expression


def telling(regex: str, flags: int, text: str) -> frozenset[int] | None:
    """Return the places in an ASCII text whose digits an expression may compare with some, not with all.

    It is so for all texts that differ from this one in digits only. Nothing if it cannot be said.
    """
    steps = _steps(regex, flags)
    return None if steps is None else steps.telling(text)


class _Steps:
    """An automaton on its way through texts, with what was found out of each step: texts are much alike."""

    def __init__(self, searched: Automaton) -> None:
        self._searched = searched
        self._start = frozenset(searched.starts)
        self._next: dict[tuple[frozenset[int], CharSet], frozenset[int]] = {}
        self._tells: dict[frozenset[int], bool] = {}

    def telling(self, text: str) -> frozenset[int]:
        places: set[int] = set()
        tried = self._start  # positions at which the next character is compared
        for place, character in enumerate(text):
            mask = DIGITS if character in _DIGITS else having(character)
            if mask == DIGITS and self._tell(tried):
                places.add(place)
            step = tried, mask
            tried = self._next.get(step) or self._step(step)
            if not tried:
                break
        return frozenset(places)

    def _tell(self, tried: frozenset[int]) -> bool:
        if tried not in self._tells:
            self._tells[tried] = any(is_particular(self._searched.masks[position]) for position in tried)
        return self._tells[tried]

    def _step(self, step: tuple[frozenset[int], CharSet]) -> frozenset[int]:
        if len(self._next) >= _KEPT:
            self._next.clear()
            self._tells.clear()
        tried, mask = step
        self._next[step] = found = self._searched.following(self._searched.matching(tried, mask))
        return found


@lru_cache(maxsize=256)
def _steps(regex: str, flags: int) -> _Steps | None:
    """Return the way through an expression, if its automaton has all places at which digits are compared."""
    tree = tree_of(regex, flags)
    if tree is None or any(isinstance(node, Back) or _looks_closely(node) for node in walk(tree)):
        return None
    try:
        return _Steps(automaton(tree))
    except TooLargeError:
        return None


def _looks_closely(node: Node) -> bool:
    return isinstance(node, Look) and any(
        isinstance(each, Chars) and is_particular(each.mask) for each in walk(node)
    )
