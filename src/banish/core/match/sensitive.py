"""Which of a jail's expressions tell one digit from another, and what they would match if they did not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from banish.core.regex.charset import is_particular
from banish.core.regex.syntax import tree_of, with_any_digit
from banish.core.regex.telling import telling
from banish.core.regex.tree import Back, Chars, walk
from banish.core.rules import JailRules

_ASCII: Final = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Temper:
    """Whether an expression is `particular` about digits; what it matches `at_most`, if that is known."""

    particular: bool
    at_most: re.Pattern[str] | None = None
    regex: str = ""
    flags: int = 0

    def telling(self, text: str) -> frozenset[int] | None:
        """Return the places of the digits that it compares in texts like this; nothing if that is unclear."""
        return telling(self.regex, self.flags, text) if self.particular else frozenset()

    def may_match(self, text: str) -> bool:
        """Whether the expression might match a text that differs from this one in digits."""
        return self.at_most is None or self.at_most.search(text) is not None


_CALM: Final = Temper(particular=False)


@lru_cache(maxsize=4096)
def temper_of(regex: str, flags: int) -> Temper:
    """Judge an expression; one that cannot be read might do anything."""
    tree = tree_of(regex, flags)
    if tree is None or any(isinstance(node, Back) for node in walk(tree)):
        return Temper(particular=True, regex=regex, flags=flags)
    if not any(isinstance(node, Chars) and is_particular(node.mask) for node in walk(tree)):
        return _CALM
    return Temper(particular=True, at_most=with_any_digit(regex, flags), regex=regex, flags=flags)


class Sensitivity:
    """The tempers of a jail's expressions. `is_usable`: whether its lines can be judged by their shape."""

    def __init__(self, rules: JailRules) -> None:
        self.prefix = _CALM if rules.prefix is None else _temper(rules.prefix)
        self.failures = tuple(map(_temper, rules.failures))
        self.is_usable = (
            rules.jail.maxlines <= 1
            and not any(_temper(pattern).particular for pattern in rules.ignores)
            and not any(name.startswith("tuple_") for each in rules.failures for name in each.groupindex)
            and not any(
                name.startswith("tuple_") for name in (rules.prefix.groupindex if rules.prefix else ())
            )
            and _ASCII.decode(rules.encoding, "replace") == _ASCII.decode("ascii")
        )


def _temper(pattern: re.Pattern[str]) -> Temper:
    return temper_of(pattern.pattern, pattern.flags & ~re.UNICODE)
