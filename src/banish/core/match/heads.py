"""How the lines of a log begin, where that alone shows that no template finds a date in them.

A template that is bound to the beginning of the line has lost by `203.` in `203.0.113.9 - - [`. Lines with a
head that does not tell are few, and are all that has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from banish.core.match.page import Page
from banish.core.match.sieve import LineSearch, search_for
from banish.core.regex.automaton import Automaton
from banish.core.regex.charset import DIGITS, having

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KINDS: Final = str.maketrans(dict.fromkeys("0123456789", "0") | dict.fromkeys(_LETTERS, "a"))
"""In a head a digit stands for all digits, a letter for all letters, anything else for itself."""
_MASKS: Final = {"0": DIGITS, "a": having(_LETTERS)}
_SPELLED: Final = {"0": "0-9", "a": "A-Za-z"}

_LONGEST: Final = 32  # characters of a head
_MOST: Final = 64  # heads
_SAMPLE: Final = 2048  # bytes whose lines are the first to be learned from
_UNTOLD: Final = 256  # of a block's lines, one in so many may have a head that does not tell
_UNTOLD_AT_LEAST: Final = 4  # lines that may have none
_ROUNDS: Final = 4  # of learning before a block is given up

_Trie: TypeAlias = "dict[str, _Trie]"


class Heads:
    """The heads that were seen in a log. `is_usable` while they are few: without it nothing is told."""

    def __init__(self, templates: Mapping[re.Pattern[str], Automaton]) -> None:
        """Take templates, each with all that it can match; they begin where the line does."""
        self._templates = tuple(templates)
        self._automata = tuple(templates.values())
        self._heads: set[str] = set()
        self._search: LineSearch | None = None
        self.is_usable = True

    def dated(self, page: Page) -> set[int] | None:
        """Return where the lines of ASCII begin that a template dates; nothing if that is not told."""
        most = page.count // _UNTOLD + _UNTOLD_AT_LEAST
        if self._search is None:
            self._learn(page.block[:_SAMPLE].split(b"\n")[:-1])
        for _ in range(_ROUNDS):
            if not self.is_usable or self._search is None:
                return None
            found = page.lines(self._search, most)
            lines = {start: page.line_at(start) for start in found}
            has_learned = self._learn(lines.values())
            if len(found) <= most:
                return {start for start, line in lines.items() if self._is_dated(line)}
            if not has_learned:
                return None
        return None

    def _is_dated(self, line: bytes) -> bool:
        text = line.decode("latin-1")
        return line.isascii() and any(template.search(text) for template in self._templates)

    def _learn(self, lines: Iterable[bytes]) -> bool:
        """Learn from lines whose heads are not known; return whether there was something to learn."""
        told = (line.decode("ascii") for line in lines if line.isascii())
        new = {head for head in map(self._head, told) if head} - self._heads
        if new:
            self._heads |= new
            self.is_usable = len(self._heads) <= _MOST
            self._search = search_for(((f"^{_others(_trie(self._heads))}", 0),), is_exact=True)
        return bool(new)

    def _head(self, line: str) -> str:
        """Return the shortest beginning, at most the line with its end, by which all templates have lost."""
        tried = [frozenset(each.starts) for each in self._automata]
        head = line[:_LONGEST].translate(_KINDS)
        for length, kind in enumerate(head, 1):
            mask = _MASKS.get(kind) or having(kind)
            for number, each in enumerate(self._automata):
                matched = each.matching(tried[number], mask)
                if not each.ends.isdisjoint(matched):
                    return ""
                tried[number] = each.following(matched)
            if not any(tried):
                return head[:length]
        return head + "\n" if len(line) <= _LONGEST else ""


def _trie(heads: Iterable[str]) -> _Trie:
    """Return heads, of which none begins another, by their first kind of character and so on."""
    whole: _Trie = {}
    for head in heads:
        part = whole
        for kind in head:
            part = part.setdefault(kind, {})
    return whole


def _others(trie: _Trie) -> str:
    """Return an expression for texts that have none of the heads."""
    inside = "".join(map(_spelled, trie))
    deeper = (f"[{_spelled(kind)}]{_others(rest)}" for kind, rest in trie.items() if rest)
    return f"(?:{'|'.join((f'[^{inside}]', *deeper))})"


def _spelled(kind: str) -> str:
    return _SPELLED.get(kind) or f"\\x{ord(kind):02x}"
