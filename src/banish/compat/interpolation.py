"""`%` interpolation: `%(name)s` becomes the value of `name`, `%%` a percent sign.

As Python's `configparser` does it, down to the depth at which it gives up; but with a bound on the size, so
that no tower of references can eat the memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from banish.compat.text import Fault, Text, join

Lookup: TypeAlias = "Callable[[str], Text | None]"
"""The raw value of a name in lower case; `None` if there is none."""

DEEPEST = 10  # as configparser.MAX_INTERPOLATION_DEPTH
MOST_REFERENCES = 10_000  # the largest stock filter needs fewer than 100
LONGEST = 1 << 20  # characters; the largest stock value has 20,000

_PIECE = re.compile(r"%(?:%|\(([^)]+)\)s)?")


def interpolate(value: Text, lookup: Lookup) -> Text:
    """Replace all references in `value`; what cannot be replaced is a `Fault` without section and key."""
    if "%" not in value.text:
        return value
    return _Interpolation(lookup).run(value)


class _Interpolation:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._references = 0
        self._size = 0

    def run(self, value: Text) -> Text:
        return join(self._pieces(value, 1))

    def _pieces(self, value: Text, depth: int) -> Iterator[Text]:
        if depth > DEEPEST:
            text = f"%(…)s references are nested more than {DEEPEST} deep; one of them leads back to itself"
            raise Fault(text, value.spot)
        end = 0
        for piece in _PIECE.finditer(value.text):
            yield self._counted(value.cut(end, piece.start()))
            end = piece.end()
            if piece[1]:
                yield from self._value(piece[1], value.cut(piece.start(), end), depth)
            elif piece[0] == "%%":
                yield value.cut(end - 1, end)
            else:
                seen = value.text[piece.start() : piece.start() + 20]
                raise Fault(
                    f'a lone "%" at "{seen}"; write %% for a percent sign', value.cut(piece.start()).spot
                )
        yield self._counted(value.cut(end))

    def _value(self, name: str, reference: Text, depth: int) -> Iterator[Text]:
        self._references += 1
        if self._references > MOST_REFERENCES:
            raise Fault(
                f"more than {MOST_REFERENCES} references; some of them lead in circles", reference.spot
            )
        value = self._lookup(name.lower())
        if value is None:
            text = f"{reference.text} refers to a name that is nowhere set; set it, or correct its spelling"
            raise Fault(text, reference.spot)
        if "%" in value.text:
            yield from self._pieces(value, depth + 1)
        else:
            yield self._counted(value)

    def _counted(self, part: Text) -> Text:
        self._size += len(part.text)
        if self._size > LONGEST:
            raise Fault(f"the value grows beyond {LONGEST} characters", part.spot)
        return part
