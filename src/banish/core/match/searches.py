"""The searches that a jail's rules come to: some left out, and each announced to whoever watches.

Without a watch nothing is wrapped, so that watching costs nothing where nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from banish.core.expression import Expression, Watch
from banish.core.rules import JailRules

Search: TypeAlias = "Callable[[str], re.Match[str] | None]"


class Searches:
    """What is searched for, in this order; an expression in `skip` never matches."""

    def __init__(self, rules: JailRules, skip: frozenset[Expression], watch: Watch | None) -> None:
        self.line = 0
        """The number of the line at hand, for the watch."""
        self._jail, self._skip, self._watch = rules.jail.name, skip, watch
        self._dates = Expression(self._jail, "datepattern", 0)
        self.reads_dates = self._dates not in skip
        self.prefix = None if rules.prefix is None else self._search("prefregex", 0, rules.prefix)
        self.failures = tuple(enumerate(self._all("failregex", rules.failures)))
        self.ignores = tuple(self._all("ignoreregex", rules.ignores))

    def is_tried(self, failure: int) -> bool:
        """Whether a failure expression is not left out."""
        return Expression(self._jail, "failregex", failure) not in self._skip

    def begin(self, line: int) -> None:
        """Say which line is judged from now on, beginning with its date."""
        self.line = line
        if self._watch is not None:
            self._watch(line, self._dates)

    def _all(self, key: str, patterns: Sequence[re.Pattern[str]]) -> Iterable[Search]:
        return (self._search(key, index, pattern) for index, pattern in enumerate(patterns))

    def _search(self, key: str, index: int, pattern: re.Pattern[str]) -> Search:
        expression, watch = Expression(self._jail, key, index), self._watch
        if expression in self._skip:
            return _nothing
        if watch is None:
            return pattern.search

        def search(text: str) -> re.Match[str] | None:
            watch(self.line, expression)
            return pattern.search(text)

        return search


def _nothing(_text: str) -> None:
    """Match nothing."""
