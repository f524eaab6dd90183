"""How far an expression looks: whether what follows a character can make a difference to it.

Asked of expressions that are bound to the beginning of the text, with the digits of the text left open: an
answer holds for all texts that differ in digits only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import DIGITS, NOTHING, CharSet, common, having, united
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import (
    At,
    Atomic,
    Back,
    Chars,
    Choice,
    Conditional,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    children,
    walk,
)

_KEPT: Final = 4096  # answers


class Reach:
    """One expression; it never says that it looks less far than it does."""

    def __init__(self, regex: str, flags: int = 0) -> None:
        tree = tree_of(regex, flags)
        self._answers: dict[str, bool] = {}
        self._automaton: Automaton | None = None
        if tree is None or any(not _is_short(node) for node in walk(tree)):
            return
        made = _bound(tree)
        if made is not None:
            made.masks = [_with_all_digits(mask) for mask in made.masks]
            self._automaton = made

    def ends_with(self, text: str) -> bool:
        """Whether all texts that begin with this one are judged alike: no more than its last is looked at."""
        answer = self._answers.get(text)
        if answer is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            answer = self._answers[text] = self._ends_with(text)
        return answer

    def _ends_with(self, text: str) -> bool:
        if self._automaton is None or not text.isascii() or not text:
            return False
        possible = frozenset(self._automaton.starts)
        for character in text[:-1]:
            possible = self._automaton.following(self._automaton.matching(possible, having(character)))
        return not self._automaton.matching(possible, having(text[-1]))


@lru_cache(maxsize=64)
def bound(regex: str, flags: int = 0) -> Automaton | None:
    """Return what an expression takes that begins where the text does, or more; nothing for all others."""
    tree = tree_of(regex, flags)
    made = None if tree is None else _bound(tree)
    return None if made is None or made.is_empty else made


def _bound(tree: Node) -> Automaton | None:
    try:
        made = automaton(_spelled_out(tree, _groups(tree)))
    except TooLargeError:
        return None
    return None if 0 in made.starts else made


def _with_all_digits(mask: CharSet) -> CharSet:
    return united((mask, DIGITS)) if common(mask, DIGITS) != NOTHING else mask


def _is_short(node: Node) -> bool:
    """Whether a node that looks around looks at one character at most."""
    return not isinstance(node, Look) or _width(node.item) <= 1


def _width(node: Node) -> float:
    """Return the most characters that a node takes or looks at."""
    match node:
        case Chars():
            return 1
        case At():
            return 0  # one to each side, as far as that goes; counted where it is looked for
        case Choice():
            return max(map(_width, children(node)), default=0)
        case Repeat(item, _, most):
            return float("inf") if most is None else most * _width(item)
        case Look(item):
            return _width(item)
        case Back():
            return float("inf")
        case _:
            return sum(map(_width, children(node)))


def _groups(tree: Node) -> dict[int, Node]:
    return {node.number: node.item for node in walk(tree) if isinstance(node, Group)}


def _spelled_out(node: Node, groups: dict[int, Node]) -> Node:
    """Return the tree with what groups could match in place of references to them."""
    match node:
        case Back(number):
            return _spelled_out(groups[number], {**groups, number: Run()})
        case Run(items):
            return Run(tuple(_spelled_out(item, groups) for item in items))
        case Choice(branches):
            return Choice(tuple(_spelled_out(branch, groups) for branch in branches))
        case Group(item, number, name):
            return Group(_spelled_out(item, groups), number, name)
        case Atomic(item):
            return Atomic(_spelled_out(item, groups))
        case Repeat(item, least, most, greed):
            return Repeat(_spelled_out(item, groups), least, most, greed)
        case Conditional(number, yes, no):
            return Conditional(number, _spelled_out(yes, groups), _spelled_out(no, groups))
        case _:
            return node
