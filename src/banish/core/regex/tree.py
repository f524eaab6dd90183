"""A regular expression as a tree of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from banish.core.regex.charset import CharSet


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set. `spelled` tells sets apart that the sample does not.

    `is_ascii` says that the set holds nothing beyond ASCII, so that `mask` is all there is to know;
    `folds_case` that upper and lower case are the same.
    """

    mask: CharSet
    spelled: str
    is_ascii: bool = False
    folds_case: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One after the other; nothing at all if there is none."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch that leads to a match."""

    branches: tuple[Node, ...]


class Greed(Enum):
    """How many repetitions are tried first, and whether others are tried at all."""

    GREEDY = "most first"
    LAZY = "fewest first"
    POSSESSIVE = "most only"


@dataclass(frozen=True, slots=True)
class Repeat:
    """An item `least` to `most` times; `most` is absent where there is no limit."""

    item: Node
    least: int
    most: int | None
    greed: Greed = Greed.GREEDY


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group."""

    item: Node
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Atomic:
    """An item of which only the first way to match is tried."""

    item: Node


@dataclass(frozen=True, slots=True)
class Look:
    """What must, or must not, stand before or behind this place."""

    item: Node
    is_ahead: bool
    is_negative: bool


@dataclass(frozen=True, slots=True)
class At:
    """A place: `kind` as Python's parser calls it, such as `AT_BEGINNING`."""

    kind: str
    is_multiline: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """The text of a group once more."""

    number: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """One item if a group took part, else the other."""

    number: int
    yes: Node
    no: Node


Node: TypeAlias = "Chars | Run | Choice | Repeat | Group | Atomic | Look | At | Back | Conditional"


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below a node."""
    match node:
        case Run(items):
            return items
        case Choice(branches):
            return branches
        case Repeat() | Group() | Atomic() | Look():
            return (node.item,)
        case Conditional():
            return (node.yes, node.no)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order in which they are written."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children(each)))


def refers_back(node: Node) -> bool:
    """Whether what matches depends on what a group has matched."""
    return any(isinstance(each, Back | Conditional) for each in walk(node))
