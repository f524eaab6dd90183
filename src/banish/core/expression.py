"""The name of one expression: whose it is, of which setting, and the how manieth.

What takes too long on a crafted line is known by this name, and can be left out by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

KEYS: Final = ("datepattern", "prefregex", "failregex", "ignoreregex")
"""The settings that expressions come from. A jail's date patterns are one expression, as are its prefixes."""


class Expression(NamedTuple):
    """An expression of a jail; `number` counts those of one setting from 0."""

    jail: str
    key: str
    number: int


Watch: TypeAlias = "Callable[[int, Expression], None]"
"""Told what is about to be tried: the number of the line in its block, and the expression."""
