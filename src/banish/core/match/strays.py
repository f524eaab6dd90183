"""Lines that stray from what is usual in a log: those that differ from one line, and those beyond ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from banish.core.match.page import Page
from banish.core.match.sieve import LineSearch

_ODD_SHARE: Final = 8  # a block of which more than one line in so many is odd is looked at line by line
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")


class Strays:
    """A search for lines that differ from one of them, or, where too many do, from a second one as well."""

    def __init__(self, different: Callable[[str], LineSearch | None]) -> None:
        """`different` makes the search from a line; nothing if it cannot be made from this one."""
        self._make = different
        self._search: LineSearch | None = None

    def lines(self, page: Page, most: int) -> set[int] | None:
        """Return where lines begin that differ; nothing if too many do."""
        if self._search is None:
            self._search = self._like(page, 0)
        if self._search is None:
            return None
        found = page.lines(self._search, most)
        if len(found) <= most:
            return found
        found = page.lines(self._search, page.count)
        self._search = self._like(page, max(found))  # another month, say, which is the one to come
        if self._search is None:
            return None
        found = found & page.lines(self._search, page.count)
        return found if len(found) <= most else None

    def _like(self, page: Page, start: int) -> LineSearch | None:
        line = page.line_at(start)
        return self._make(line.decode("ascii")) if line.isascii() else None


def most_odd(page: Page) -> int:
    """Return how many lines of a block may be odd."""
    return page.count // _ODD_SHARE


def all_odd(page: Page, *found: set[int]) -> list[int] | None:
    """Return the lines that were found, and those that are not ASCII; nothing if they are too many."""
    most = most_odd(page)
    lines = beyond_ascii(page, most).union(*found)
    return sorted(lines) if len(lines) <= most else None


def beyond_ascii(page: Page, most: int) -> set[int]:
    """Return where lines begin that are not ASCII; not many more than `most`."""
    found: set[int] = set()
    if page.is_ascii:
        return found
    text, place = page.text, 0
    while len(found) <= most and (other := _BEYOND_ASCII.search(text, place)) is not None:
        found.add(text.rfind("\n", 0, other.start()) + 1)
        place = text.index("\n", other.start()) + 1
    return found
