"""Which digits of a text an expression tells from others.

`11: Bye` compares two digits, wherever else there are some in the line. Texts that differ in others only are
the same to it: it takes the same way through both.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import DIGITS, NOTHING, CharSet, common, having
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Back, Chars, Look, Node, walk

_DIGITS: Final = frozenset("0123456789")


def is_particular(mask: CharSet) -> bool:
    """Whether a set holds some digits and not all."""
    return common(mask, DIGITS) not in {NOTHING, DIGITS}


def telling(regex: str, flags: int, text: str) -> frozenset[int] | None:
    """Return the places in an ASCII text whose digits an expression may compare with some, not with all.

    It is so for all texts that differ from this one in digits only. Nothing if it cannot be said.
    """
    searched = _searched(regex, flags)
    if searched is None:
        return None
    masks, follow = searched.masks, searched.follow
    places: set[int] = set()
    tried = set(searched.starts)  # positions at which the next character is compared
    for place, character in enumerate(text):
        is_digit = character in _DIGITS
        if is_digit and any(is_particular(masks[position]) for position in tried):
            places.add(place)
        mask = DIGITS if is_digit else having(character)
        matched = [position for position in tried if common(masks[position], mask)]
        tried = set().union(*(follow[position] for position in matched))
    return frozenset(places)


@lru_cache(maxsize=256)
def _searched(regex: str, flags: int) -> Automaton | None:
    """Return the automaton of an expression if it holds all places at which digits are compared."""
    tree = tree_of(regex, flags)
    if tree is None or any(isinstance(node, Back) or _looks_closely(node) for node in walk(tree)):
        return None
    try:
        return automaton(tree)
    except TooLargeError:
        return None


def _looks_closely(node: Node) -> bool:
    return isinstance(node, Look) and any(
        isinstance(each, Chars) and is_particular(each.mask) for each in walk(node)
    )
