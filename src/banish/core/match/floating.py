"""Dates that stand anywhere in the line, found by one template of many: which lines are dated otherwise.

A template that is not bound to the beginning competes with all others, line by line, and one that dated the
last line is first tried at the same place. All of that comes to the same in lines of this kind: before the
date stands a character that comes no earlier, behind it one that no date of this template has in it either,
nowhere else is there such a date, and nowhere one of another template. What is left of a log without these
lines is usually nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from banish.core.dates import DateReader
from banish.core.dates.detector import Place
from banish.core.dates.template import Template
from banish.core.match.dating import Dating
from banish.core.match.page import Page
from banish.core.match.sieve import LineSearch, search_for
from banish.core.match.strays import Strays, all_odd, most_odd
from banish.core.regex.charset import common, having
from banish.core.regex.inside import lacking, others, varied
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import At, Chars, Look, Node, walk


class Floating:
    """What is known of a template and of the characters around its dates, among these other templates."""

    def __init__(self, template: Template, place: Place, rest: Sequence[Template]) -> None:
        self.template = template
        self._before, self._after = place.before, place.after
        self._tree = tree_of(template.bare, template.regex.flags)
        self._elsewhere: Dating | None = None
        if self._is_apart(place):
            before, after = _code(place.before), _code(place.after)
            first = f"^[^{before}\\n]*(?:{template.bare})"
            again = f"^[^{before}\\n]*{before}[^{after}\\n]*{after}.*(?:{template.bare})"
            own = [re.compile(each, template.regex.flags) for each in (first, again)]
            self._elsewhere = Dating([each.regex for each in rest], own)
        self.is_usable = self._elsewhere is not None and self._elsewhere.is_usable
        self.key: object = (self._elsewhere and self._elsewhere.key, place.before, place.after)
        """What tells it apart from others."""
        self._strays = Strays(self._different)

    def _is_apart(self, place: Place) -> bool:
        """Whether the characters around are no part of a date, nor of words, and those inside are."""
        around, inside = (place.before, place.after), (place.first, place.last)
        return (
            not self.template.is_anchored
            and bool(self.template.bare)
            and self._tree is not None
            and all(each.isascii() and each.isprintable() and not _is_of_word(each) for each in around)
            and all(each.isascii() and each.isalnum() for each in inside)
            and not any(_may_be(node, around) for node in walk(self._tree))
        )

    def is_so(self, dates: DateReader) -> bool:
        """Whether a reader of dates is in this state."""
        latest = dates.latest
        if latest is None:
            return False
        template, place = latest
        around = place.before, place.after
        return (
            template is self.template
            and around == (self._before, self._after)
            and place.first.isalnum()
            and place.last.isalnum()
        )

    def odd(self, page: Page) -> list[int] | None:
        """Return where lines begin that are not of this kind; nothing if they are too many."""
        most = most_odd(page)
        strays = self._strays.lines(page, most)
        if self._elsewhere is None or strays is None:
            return None
        elsewhere = self._elsewhere.lines(page, most)
        return None if elsewhere is None else all_odd(page, strays, elsewhere)

    def _different(self, line: str) -> LineSearch | None:
        """Return a search for lines whose date is not where this one has it, or is too different."""
        match = self.template.regex.search(line)
        if match is None or match.span() != match.span(1) or self._tree is None:
            return None
        start, end = match.span()
        sets = varied(self._tree, match[0])
        if sets is None or line.find(self._before) != start - 1 or line[end : end + 1] != self._after:
            return None
        before = _code(self._before)
        different = f"^[^{before}\\n]*{before}{others([*sets, self._after])}"
        return search_for(((lacking(before), 0), (different, 0)), is_exact=True)

    def unbroken(self, word: str) -> str:
        """Return a part of a word that no date can break: dates come right after the first `before`."""
        return max(word.split(self._before), key=len)


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in {"_", ""}


def _may_be(node: Node, characters: Sequence[str]) -> bool:
    """Whether a part of a date can be one of these characters, or looks at what is around."""
    if isinstance(node, At | Look):
        return True
    return isinstance(node, Chars) and bool(common(node.mask, having(characters)))


def _code(character: str) -> str:
    return f"\\x{ord(character):02x}"
