"""Which lines of a block some expressions for dates match: told by how lines begin, or searched for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from banish.core.match.heads import Heads
from banish.core.match.page import Page
from banish.core.match.sieve import LineSearch, search_for
from banish.core.regex.reach import bound

_ALARMS: Final = 4  # what a search may find for each line; most are false where numbers look like dates


class Dating:
    """Expressions for dates. `is_usable`: whether it can be told which lines they match.

    Of `templates` those are told by heads that are bound to the beginning; `others` are searched for.
    """

    def __init__(self, templates: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]] = ()) -> None:
        automata = {each: bound(each.pattern, each.flags) for each in templates}
        at_head = {each: made for each, made in automata.items() if made is not None}
        self._heads = Heads(at_head) if at_head else None
        self._all = (*templates, *others)
        self._free = tuple(each for each in self._all if each not in at_head)
        self.is_usable = not self._free or _search(self._free) is not None
        self.key = _key(self._all)
        """What tells it apart from others."""

    def lines(self, page: Page, most: int) -> set[int] | None:
        """Return where the lines of ASCII begin that one matches; nothing if they are more than `most`."""
        told = set() if self._heads is None else self._heads.dated(page)
        expressions = self._all if told is None else self._free
        found = _found(expressions, page) if expressions else set()
        if found is None:
            return None
        found |= told or set()
        return found if len(found) <= most else None


def _found(expressions: Sequence[re.Pattern[str]], page: Page) -> set[int] | None:
    search, most = _search(expressions), _ALARMS * page.count
    matches = None if search is None else search.matches(page.block, most)
    if matches is None or len(matches) > most:
        return None
    lines = ((start, number, page.line_at(start).decode("latin-1")) for start, number in matches)
    return {start for start, number, line in lines if expressions[number].search(line)}


@lru_cache(maxsize=64)
def _key(_expressions: tuple[re.Pattern[str], ...]) -> object:
    return object()  # expressions take long to hash


def _search(expressions: Sequence[re.Pattern[str]]) -> LineSearch | None:
    return search_for(tuple((each.pattern, each.flags) for each in expressions))
