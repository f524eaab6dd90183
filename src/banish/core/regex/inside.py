"""From one text that an expression matches to many: for each character, which others could stand there.

Every text made by choosing a character of each set is matched as a whole. Only digits are varied, which is
what the dates of a log differ in.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, TypeAlias

from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import common, having
from banish.core.regex.tree import (
    Atomic,
    Back,
    Chars,
    Choice,
    Conditional,
    Greed,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    walk,
)

_WIDER: Final = ("0123456789", "012345", "0123", "012", "01")
"""What a digit may become, the most first; hours, days and minutes begin with few."""


def varied(tree: Node, text: str) -> tuple[str, ...] | None:
    """Return the sets of characters, one for each of `text`; nothing if the expression is not so simple.

    References to groups are taken for what stands for them in `text`: the first character that is no digit.
    """
    plain = _plain(tree, text)
    if plain is None or not text.isascii():
        return None
    try:
        ways = _Ways(automaton(Run((_START, plain))), text)
    except TooLargeError:
        return None
    return ways.sets if ways.vary() else None


_START: Final = Chars(having("^"), "start")
"""A character before all, which binds the expression to the beginning."""

_States: TypeAlias = "frozenset[int]"


class _Ways:
    """An automaton on its way through a text, of whose characters others are tried, the last ones first."""

    def __init__(self, made: Automaton, text: str) -> None:
        self._made = made
        self.sets = tuple(text)
        """For each character the others that may stand there, so far."""
        start = frozenset(made.matching(made.starts, having("^"))) - {0}
        self._before = list(accumulate(text, self._step, initial=start))
        self._known: dict[tuple[int, _States], bool] = {}

    def vary(self) -> bool:
        """Find out what may stand where; not if the text itself is not matched."""
        if not self._leads(0, self._before[0]):
            return False
        self._known.clear()  # from here on, what is known of a place is asked when all behind it is settled
        for place, character in reversed(tuple(enumerate(self.sets))):
            wider = (each for each in _WIDER if character in each and self._may_be(place, each))
            self.sets = (*self.sets[:place], next(wider, character), *self.sets[place + 1 :])
        return True

    def _may_be(self, place: int, characters: str) -> bool:
        return all(self._leads(place + 1, self._step(self._before[place], each)) for each in characters)

    def _leads(self, place: int, states: _States) -> bool:
        """Whether all texts that can be chosen from here on are matched to their ends."""
        if place == len(self.sets):
            return not self._made.ends.isdisjoint(states)
        key = place, states
        if key not in self._known:
            self._known[key] = all(
                self._leads(place + 1, self._step(states, each)) for each in self.sets[place]
            )
        return self._known[key]

    def _step(self, states: _States, character: str) -> _States:
        return frozenset(self._made.matching(self._made.following(states), having(character)))


def _plain(tree: Node, text: str) -> Node | None:
    """Return the tree without references; nothing if it has what an automaton cannot express."""
    if any(isinstance(node, Atomic | Conditional | Look) for node in walk(tree)):
        return None
    if any(isinstance(node, Repeat) and node.greed is Greed.POSSESSIVE for node in walk(tree)):
        return None
    referred = {node.number for node in walk(tree) if isinstance(node, Back)}
    if not referred:
        return tree
    separator = next((character for character in text if not character.isalnum()), "")
    groups = [node for node in walk(tree) if isinstance(node, Group) and node.number in referred]
    if len(referred) != 1 or not separator or not all(_can_be(each.item, separator) for each in groups):
        return None
    return _replaced(tree, next(iter(referred)), Chars(having(separator), separator))


def _can_be(node: Node, character: str) -> bool:
    return isinstance(node, Chars) and bool(common(node.mask, having(character)))


def _replaced(node: Node, number: int, by: Chars) -> Node:
    """Return the tree with one character in place of a group and of the references to it."""
    match node:
        case Back():
            return by
        case Group(_, own) if own == number:
            return by
        case Group(item, own, name):
            return Group(_replaced(item, number, by), own, name)
        case Run(items):
            return Run(tuple(_replaced(item, number, by) for item in items))
        case Repeat(item, least, most, greed):
            return Repeat(_replaced(item, number, by), least, most, greed)
        case Choice(branches):
            return Choice(tuple(_replaced(branch, number, by) for branch in branches))
        case _:
            return node


def others(sets: Sequence[str]) -> str:
    """Return an expression for texts that begin differently: the first place at which they do tells."""
    found = ""
    for characters in reversed(sets):
        inside = "".join(f"\\x{ord(each):02x}" for each in characters)
        found = f"(?:[^{inside}]|[{inside}]{found})" if found else f"[^{inside}]"
    return found


def lacking(code: str) -> str:
    r"""Return an expression for lines without a character, given as `\x5b` is; `$` is quicker than `\n`."""
    return f"^(?:\\n|[^{code}\\n]+$)"
