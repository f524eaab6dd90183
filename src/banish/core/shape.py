"""The shape of a line: what varies gives way to placeholders, so that like lines can be counted.

    Failed password for root from 192.0.2.7 port 4242 ssh2
    Failed password for root from <ip> port # ssh2

Attackers choose lines, so a table of shapes has a cap. Words that vary, such as the names of users, look like
all other words; only the table sees that many shapes differ in nothing else, and folds these into one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

CAP: Final = 1000
"""Shapes of one table: more than a person reads, and with `CHARS` less than a megabyte."""

CHARS: Final = 400
"""Characters of a shape."""

READ: Final = 1000
"""Characters of a line that make up its shape."""

MANY: Final = 6
"""So many different words in one place are a word that varies: more than a log has words for one thing."""

WORD: Final = "<word>"

_HEX: Final = "[0-9A-Fa-f]"
_VARIES: Final = re.compile(
    rf"""
      (?P<web> "(?P<method>[A-Z]{{3,10}})[ ][^"]*" (?P<status>[ ][1-5]\d\d)\b )
    | (?P<quoted> "[^"]*" | (?<!\w)'[^']*'(?!\w) )
    | (?P<url> \b[a-z]{{2,10}}://[^\s"'<>]+ )
    | (?P<mail> (?<![\w.+-])[\w.+-]+@[\w.-]*\w )
    | (?P<path> (?<![\w/.])/[^\s/"']*/[^\s"',;:)\]]* )
    | (?P<ip> (?<![\w.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.]*\w)
            | (?<![\w:])(?:{_HEX}{{1,4}}:){{7}}{_HEX}{{1,4}}(?![\w:])
            | (?<![\w:])(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}}){{0,6}})?::
              (?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}}){{0,6}}(?:\.\d{{1,3}}){{0,3}})?(?!\w|:\w) )
    | (?P<mac> \b(?:{_HEX}{{2}}:){{5,}}{_HEX}{{2}}\b )
    | (?P<host> (?<![\w.-])(?:\w[\w-]*\.){{2,}}[A-Za-z][\w-]*(?!\w) )
    | (?P<id> \b0x{_HEX}+\b
            | \b{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}\b
            | \b(?=[A-Fa-f]*\d)(?=\d*[A-Fa-f]){_HEX}{{6,}}\b
            | (?<![\w+/=-])(?=[A-Za-z+/=_-]*\d)[\w+/=-]{{24,}} )
    | (?P<number> (?<![A-Za-z_\d])\d+(?:[.:]\d+)*(?![A-Za-z_\d]|\.\d) )
    """,
    re.VERBOSE | re.ASCII,
)
_MAY_VARY: Final = re.compile(rf'(?<![^ =])(?:{WORD}|(?!<)[^\s="]*[^\W\d_][^\s="]*)(?![^ ])')
_SHOWN: Final = {"quoted": '"…"', "number": "#"}


def shape_of(text: str) -> str:
    """Return the shape of a text; of a long one, that of its beginning."""
    shape = _VARIES.sub(_placeholder, text[:READ])
    return f"{shape[:CHARS]}…" if len(text) > READ or len(shape) > CHARS else shape


def _placeholder(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind == "web":  # what a web server logs: the method and the answer tell requests apart
        return f'"{match["method"]} …"{match["status"]}'
    return _SHOWN.get(kind, f"<{kind}>")


@dataclass(slots=True)
class Seen:
    """How often a shape was seen, and the number of the first line."""

    count: int
    first: int


class Shapes:
    """Counts shapes. `others` are lines for whose shapes there was no room."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._seen: dict[str, Seen] = {}
        self._is_closed = False
        self.others = 0
        self.count = 0

    def add(self, number: int, shape: str) -> None:
        """Count a line of this shape."""
        self.count += 1
        seen = self._seen.get(shape)
        if seen is not None:
            seen.count += 1
        elif self._is_closed:
            self.others += 1
        else:
            self._seen[shape] = Seen(1, number)
            self._make_room()

    def ranking(self) -> Sequence[tuple[str, Seen]]:
        """Return the shapes, the most frequent first."""
        self._fold()
        return sorted(self._seen.items(), key=lambda item: (-item[1].count, item[1].first))

    def _make_room(self) -> None:
        """Fold a full table; one that folding does not help takes no new shapes any more."""
        if len(self._seen) >= self._cap:
            self._fold()
            self._is_closed = len(self._seen) > self._cap * 3 // 4

    def _fold(self) -> None:
        """Make one of the shapes that differ in one word, the largest groups first, until none are left."""
        while groups := sorted(self._groups(), key=lambda group: -len(group[1])):
            for folded, shapes in groups:
                left = {folded, *shapes} & self._seen.keys()  # some may be part of a larger group by now
                if len(left) >= MANY or (folded in left and len(left) > 1):
                    self._merge(folded, [self._seen.pop(shape) for shape in left])

    def _merge(self, shape: str, parts: Sequence[Seen]) -> None:
        self._seen[shape] = Seen(sum(each.count for each in parts), min(each.first for each in parts))

    def _groups(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield shapes that differ in one word, and the shape that stands for all of them."""
        alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for shape in self._seen:
            for around in _words(shape):
                alike[around].append(shape)
        for (before, behind), shapes in alike.items():
            folded = f"{before}{WORD}{behind}"
            if len(shapes) >= MANY or (folded in self._seen and len(shapes) > 1):
                yield folded, shapes


def _words(shape: str) -> Iterator[tuple[str, str]]:
    """Yield what stands around each word that may vary; of `user=anna` that is `anna`."""
    for match in _MAY_VARY.finditer(shape):
        yield shape[: match.start()], shape[match.end() :]
