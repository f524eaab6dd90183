"""Sets of characters, seen through a sample: every ASCII character, and one of each other kind.

A set is a number with one bit for each character of the sample. Whether two sets have a character in common
is then one operation; of characters beyond ASCII the answer is a good guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NewType

CharSet = NewType("CharSet", int)

SAMPLE: Final = "".join(map(chr, range(128))) + "éЖ٣\u2003€\x80"
"""ASCII; then letters, a digit, a blank, a symbol and a control character from beyond."""

EVERYTHING: Final = CharSet((1 << len(SAMPLE)) - 1)
NOTHING: Final = CharSet(0)
NEWLINE: Final = CharSet(1 << ord("\n"))
DIGITS: Final = CharSet(sum(1 << ord(digit) for digit in "0123456789"))
"""The ten of ASCII."""

_PLEASANT: Final = "a1 .-_:,;=/!#\"'[]()<>@"
"""Which characters an example is made of, the first that fits."""


def having(characters: Iterable[str]) -> CharSet:
    """Return the set of these characters of the sample; others are left out."""
    mask = 0
    for character in characters:
        if (index := SAMPLE.find(character)) >= 0:
            mask |= 1 << index
    return CharSet(mask)


def within(mask: CharSet, text: str) -> bool:
    """Whether all characters of a text, which are of the sample, are in a set."""
    return having(text) & ~mask == 0


def common(one: CharSet, other: CharSet) -> CharSet:
    """Return what two sets have in common."""
    return CharSet(one & other)


def is_particular(mask: CharSet) -> bool:
    """Whether a set tells digits apart: it holds some and not all."""
    return common(mask, DIGITS) not in {NOTHING, DIGITS}


def without(one: CharSet, other: CharSet) -> CharSet:
    """Return what is in `one` and not in `other`."""
    return CharSet(one & ~other)


def united(sets: Iterable[CharSet]) -> CharSet:
    """Return what is in any of the sets."""
    mask = 0
    for each in sets:
        mask |= each
    return CharSet(mask)


def pick(mask: CharSet) -> str:
    """Return a character of a set, a pleasant one if there is; empty for the empty set."""
    for character in _PLEASANT:
        if mask >> ord(character) & 1:
            return character
    return SAMPLE[(mask & -mask).bit_length() - 1] if mask else ""
