"""How the dates of a log have settled: by one template, or there are none; which lines are otherwise.

A template that is bound to the beginning of the line and has dated the last one dates every line that it
matches, whatever others say. And where no line has had a date, one that no template matches changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from banish.core.dates import DateReader
from banish.core.dates.template import Template
from banish.core.match.dating import Dating
from banish.core.match.deviation import deviations
from banish.core.match.page import Page
from banish.core.match.strays import Strays, all_odd, most_odd
from banish.core.regex.charset import NOTHING, CharSet, common, having, united
from banish.core.regex.syntax import line_by_line, tree_of
from banish.core.regex.tree import Chars, Group, Node, Repeat, Run, walk


class Dateless:
    """No line has had a date so far; these are the templates that may find one."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._dating = Dating([each.regex for each in templates])
        self.is_usable = self._dating.is_usable
        self.key = self._dating.key
        """What tells it apart from others."""

    @staticmethod
    def is_so(dates: DateReader) -> bool:
        """Whether a reader of dates is in this state."""
        return dates.is_untouched

    def odd(self, page: Page) -> list[int] | None:
        """Return where lines begin that may have a date or are not ASCII; nothing if they are too many."""
        found = self._dating.lines(page, most_odd(page))
        return None if found is None else all_odd(page, found)

    @staticmethod
    def unbroken(word: str) -> str:
        """Return what stands of a word in the line as it is written: all of it, as nothing is cut out."""
        return word


class Steady:
    """What is known of a template. `is_usable`: whether many lines can be told to be dated by it at once."""

    def __init__(self, template: Template) -> None:
        self.template = template
        regex, flags = template.regex.pattern, template.regex.flags
        self._lines = line_by_line(regex, flags) if template.begins else None
        before = _before_date(tree_of(regex, flags))
        self.is_usable = self._lines is not None and before is not None
        self._before, self._last = before or (NOTHING, NOTHING)
        self._strays = Strays(partial(deviations, template))

    @property
    def key(self) -> object:
        """What tells it apart from others."""
        return self.template.regex

    def is_so(self, dates: DateReader) -> bool:
        """Whether a reader of dates is in this state."""
        return dates.favourite is self.template

    def odd(self, page: Page) -> list[int] | None:
        """Return where lines begin that it does not date or are not ASCII; nothing if they are too many."""
        most = most_odd(page)
        found = self._strays.lines(page, most)
        if found is None:
            found = self._undated(page, most)
        else:
            found = {start for start in found if not self._dates(page, start)}
        return all_odd(page, found)

    def _dates(self, page: Page, start: int) -> bool:
        line = page.line_at(start)
        return line.isascii() and self.template.regex.search(line.decode("ascii")) is not None

    def _undated(self, page: Page, most: int) -> set[int]:
        """Return where lines begin that it does not date, by trying it on all; not many more than `most`."""
        found: set[int] = set()
        text, place = page.text, 0
        while self._lines is not None and place < len(text) and len(found) <= most:
            match = self._lines.match(text, place)
            place = len(text) if match is None else match.end()
            if place < len(text):
                # not `place`: before Python 3.11.5 it goes on into a line it fails in
                found.add(text.rfind("\n", 0, place) + 1)
                place = text.index("\n", place) + 1
        return found

    def unbroken(self, word: str) -> str:
        """Return the end of a word that stands in one piece in every line that has the word without its date.

        What is searched in is the line without the date; a word may begin in front of it and end behind.
        """
        while word and common(self._before, having(word[0])) and self._may_break(word):
            word = word[1:]
        return word

    def _may_break(self, word: str) -> bool:
        return any(common(self._last, having(character)) for character in word[:-1])


def _before_date(tree: Node | None) -> tuple[CharSet, CharSet] | None:
    """Return which characters can stand in front of group 1, and which right in front, if that is clear."""
    items = tree.items if isinstance(tree, Run) else ()
    for place, item in enumerate(items):
        if isinstance(item, Group) and item.number == 1:
            whole = united(_masks(Run(items[:place])))
            last = NOTHING
            for before in reversed(items[:place]):
                last = united((last, *_masks(before)))
                if isinstance(before, Chars) or (isinstance(before, Repeat) and before.least):
                    break
            return _both_cases(whole), _both_cases(last)
    return None


def _masks(node: Node) -> list[CharSet]:
    return [each.mask for each in walk(node) if isinstance(each, Chars)]


def _both_cases(mask: CharSet) -> CharSet:
    """Return a set with the small letter of every letter: words are looked for without regard to case."""
    small = (chr(code + 32) for code in range(ord("A"), ord("Z") + 1) if mask >> code & 1)
    return united((mask, having(small)))
