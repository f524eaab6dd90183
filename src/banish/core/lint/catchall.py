"""Wildcards that let whoever writes into a line choose the address that is banned.

An expression like `failed for .* from <HOST>` fits a line at more than one place. If text from outside can
stand behind the address, the same words with another address can stand there, and the wildcard reaches as
far as that. Nothing is claimed that is not shown: by a line with two addresses, as the expression reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple, TypeGuard

from banish.core.lint.example import example
from banish.core.regex.charset import EVERYTHING, NEWLINE, CharSet, united, within, without
from banish.core.regex.tree import (
    At,
    Atomic,
    Chars,
    Choice,
    Conditional,
    Greed,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    children,
    walk,
)

CULPRITS: Final = ("ip4", "ip6", "dns", "fid")
"""Groups that say who is to be banned."""

GAINED: Final = "mlfgained"

RIGHT, WRONG = "192.0.2.1", "203.0.113.9"
"""Addresses for documentation (RFC 5737): the culprit's, and the one that is smuggled in."""

_ROOM: Final = 32  # repetitions; what takes fewer has no room for words and an address
_NOBODY: Final = "?"  # in no address and in no name of a host
_ANY: Final = Repeat(Chars(without(EVERYTHING, NEWLINE), "ANY"), 0, None, Greed.LAZY)


class Place(NamedTuple):
    """Where an expression names the culprit: what stands before, the group, what stands behind."""

    before: tuple[Node, ...]
    culprit: Group
    after: tuple[Node, ...]


class Trap(NamedTuple):
    """A wildcard in front of such a place, and what is around it."""

    start: tuple[Node, ...]
    wildcard: Repeat
    between: tuple[Node, ...]
    culprit: Group
    after: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Forgery:
    """A line that names `RIGHT` where the culprit belongs and `WRONG` elsewhere, and is read as `WRONG`.

    `is_before` says that the wrong address stands in front of the right one.
    """

    line: str
    is_before: bool


def forgery(tree: Node, pattern: re.Pattern[str]) -> Forgery | None:
    """Return a line that gets somebody else banned, if one is found.

    Runs the expression on lines of some hundred characters; not for one that may explode.
    """
    if GAINED in pattern.groupindex:
        return None  # about those who were let in; nobody is banned for it
    for place in places(tree):
        is_held = any(
            isinstance(node, At) and node.kind == "AT_BEGINNING" for node in walk(Run(place.before))
        )
        before = place.before if is_held else (_ANY, *place.before)
        for way, rest in product(_ways(before), _ways(place.after)):
            for index, node in enumerate(way):
                if isinstance(node, Repeat) and _has_room(node):
                    found = _forged(Trap(way[:index], node, way[index + 1 :], place.culprit, rest), pattern)
                    if found is not None:
                        return found
    return None


def places(node: Node) -> Iterator[Place]:
    """Yield every place where an expression names the culprit."""
    match node:
        case Group(name=name) if name in CULPRITS:
            yield Place((), node, ())
        case Run(items):
            for index, item in enumerate(items):
                for place in places(item):
                    before, after = items[:index], items[index + 1 :]
                    yield Place((*before, *place.before), place.culprit, (*place.after, *after))
        case Look() | Conditional():
            return  # no place in the order of the line, or not in every line
        case _:
            for child in children(node):
                yield from places(child)


def _ways(nodes: Sequence[Node]) -> Iterator[tuple[Node, ...]]:
    """Yield the nodes without groups around them; then with one of several ways through one of them taken."""
    flat = tuple(_flat(nodes))
    yield flat
    for index, node in enumerate(flat):
        ways = node.branches if isinstance(node, Choice) else (node.item,) if _is_optional(node) else ()
        for way in ways:
            if any(isinstance(each, Repeat) and _has_room(each) for each in walk(way)):
                yield (*flat[:index], *_flat([way]), *flat[index + 1 :])


def _flat(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Run | Group | Atomic):
            yield from _flat(children(node))
        else:
            yield node


def _is_optional(node: Node) -> TypeGuard[Repeat]:
    return isinstance(node, Repeat) and (node.least, node.most) == (0, 1)


def _forged(trap: Trap, pattern: re.Pattern[str]) -> Forgery | None:
    """Write a line with the words around the culprit twice, and an address in the wrong place, or none."""
    start, shortest = example(trap.start), example([trap.wildcard])
    right, wrong, none = (
        example((*trap.between, trap.culprit, *trap.after), {trap.culprit.name: text})
        for text in (RIGHT, WRONG, _NOBODY)
    )
    if start is None or shortest is None or right is None or wrong is None or none is None:
        return None
    for glue, is_before in product((" ", ""), (True, False)):
        harmless, forged = (
            f"{other}{glue}{shortest}{right}" if is_before else f"{right}{glue}{shortest}{other}"
            for other in (none, wrong)
        )
        # The wildcard must be able to hold the address itself, not only what stands in for it here.
        reach = forged.removesuffix(right) if is_before else ""
        if (
            within(_class(trap.wildcard), reach)
            and _culprit(pattern, start + shortest + harmless) == RIGHT
            and _culprit(pattern, start + shortest + forged) == WRONG
        ):
            return Forgery(start + shortest + forged, is_before)
    return None


def _culprit(pattern: re.Pattern[str], line: str) -> str:
    """Return whom the expression blames for a line."""
    match = pattern.search(f"{line}\n")
    groups = match.groupdict() if match else {}
    return next((text for name in CULPRITS if (text := groups.get(name))), "")


def _has_room(repeat: Repeat) -> bool:
    return repeat.most is None or repeat.most >= _ROOM


def _class(repeat: Repeat) -> CharSet:
    """Return the characters that a repetition can be made of."""
    return united(each.mask for each in walk(repeat.item) if isinstance(each, Chars))
