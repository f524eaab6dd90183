"""Which of a jail's expressions tell one digit from another, and what they would match if they did not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from banish.core.regex.charset import is_particular
from banish.core.regex.syntax import tree_of, with_any_digit
from banish.core.regex.telling import telling
from banish.core.regex.tree import Back, Chars, walk
from banish.core.rules import JailRules


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
    """The tempers of a jail's expressions, found out when first asked for, which takes milliseconds."""

    def __init__(self, rules: JailRules) -> None:
        self._rules = rules
        self.is_linewise = rules.is_linewise
        """Whether lines are judged one by one, and ASCII is written as everywhere."""

    @cached_property
    def prefix(self) -> Temper:
        """The temper of the prefix; calm without one."""
        return _CALM if self._rules.prefix is None else _temper(self._rules.prefix)

    @cached_property
    def failures(self) -> tuple[Temper, ...]:
        """The tempers of the failure expressions, in their order."""
        return tuple(map(_temper, self._rules.failures))

    @cached_property
    def is_usable(self) -> bool:
        """Whether lines can be judged by their shape."""
        rules = self._rules
        named = (each for each in (rules.prefix, *rules.failures) if each is not None)
        return (
            self.is_linewise
            and not any(_temper(pattern).particular for pattern in rules.ignores)
            and not any(name.startswith("tuple_") for each in named for name in each.groupindex)
        )


def _temper(pattern: re.Pattern[str]) -> Temper:
    return temper_of(pattern.pattern, pattern.flags & ~re.UNICODE)
