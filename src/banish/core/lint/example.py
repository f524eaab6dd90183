"""Short texts that an expression matches, made from its tree.

What an expression demands by looking around is not followed; whoever needs certainty holds the text against
the expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from banish.core.regex.charset import pick
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
)

LONGEST: Final = 400
"""Characters of an example; one that needs more is not given."""

_SHOWN: Final = 120  # characters of a message


def example(nodes: Iterable[Node], given: Mapping[str, str] | None = None) -> str | None:
    """Return a short text that these nodes match one after the other, or nothing if none is found.

    `given` is what named groups are to contain.
    """
    writing = _Writing(given or {})
    text = writing.all(nodes)
    return text if text is None or len(text) <= LONGEST else None


class _Writing:
    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._groups: dict[int, str] = {}

    def all(self, nodes: Iterable[Node]) -> str | None:
        texts: list[str] = []
        for node in nodes:
            text = self._of(node)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)

    def _of(self, node: Node) -> str | None:
        match node:
            case Chars(mask):
                return pick(mask) or None
            case Run(items):
                return self.all(items)
            case Choice(branches):
                return next((text for branch in branches if (text := self._of(branch)) is not None), None)
            case Repeat(item, least):
                text = self._of(item) if least else ""
                return text if text is None else text[:LONGEST] * min(least, LONGEST)
            case Atomic(item):
                return self._of(item)
            case _:
                return self._special(node)

    def _special(self, node: Group | Back | Conditional | Look | At) -> str | None:
        match node:
            case Group():
                return self._group(node)
            case Back(number):
                return self._groups.get(number)
            case Conditional(number, yes, no):
                return self._of(yes if number in self._groups else no)
            case Look(Run(()), is_negative=True):
                return None  # nothing ever stands here
            case _:
                return ""

    def _group(self, node: Group) -> str | None:
        text = self._given.get(node.name) or self._of(node.item)
        if text is not None:
            self._groups[node.number] = text
        return text


def shown(text: str) -> str:
    """Return a text as it fits into a message: one line, nothing that a terminal obeys."""
    plain = text.encode("unicode_escape").decode()
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN // 2]}…{plain[-_SHOWN // 2 :]}"
