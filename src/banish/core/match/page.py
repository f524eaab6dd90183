"""A block of log lines, in the forms in which jails want it; each is made once, when it is first wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from banish.core.match.milestones import APART, milestones

if TYPE_CHECKING:
    from banish.core.dates import Peek
    from banish.core.match.settling import State
    from banish.core.match.sieve import LineSearch

_SAME_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG: Final = 16_384  # bytes; a shorter block is not worth milestones
_translated: Final = bytes.translate  # Python's own, of which mypyc has one that takes longer


class Page:
    """Lines, without their ends: line feeds, and carriage returns before them."""

    def __init__(self, block: bytes, first: int = 0) -> None:
        """Take a `block`, empty or ended by a line feed; `first` is the number of its first line."""
        self.block = block
        self.first = first
        self._shapes: list[bytes] | None = None
        self._raw: list[bytes] | None = None
        self._count: int | None = None
        self._is_ascii: bool | None = None
        self._text: str | None = None
        self._milestones: list[int] | None = None
        self.peeks: dict[object, Peek | None] = {}
        """Dates that were read of it, by what they depend on."""
        self._odd: dict[object, list[int] | None] = {}
        self._found: dict[tuple[LineSearch, int], set[int]] = {}

    @property
    def text(self) -> str:
        """The block, character by byte."""
        if self._text is None:
            self._text = self.block.decode("latin-1")
        return self._text

    @property
    def is_ascii(self) -> bool:
        """Whether there is nothing beyond ASCII in it."""
        if self._is_ascii is None:
            self._is_ascii = self.block.isascii()
        return self._is_ascii

    @property
    def count(self) -> int:
        """How many lines there are."""
        if self._count is None:
            self._count = self._lines_before(len(self.block))
        return self._count

    def odd(self, steady: State) -> list[int] | None:
        """Return where the lines begin that are not dated as others are; many jails ask the same."""
        key = steady.key
        if key not in self._odd:
            self._odd[key] = steady.odd(self)
        return self._odd[key]

    def lines(self, search: LineSearch, most: int) -> set[int]:
        """Return where lines begin that a search finds, not many more than `most`; not to be changed."""
        key = (search, most)
        if key not in self._found:
            self._found[key] = search.lines(self.block, most)
        return self._found[key]

    def number_of(self, start: int) -> int:
        """Return the number of the line that begins at a byte; all for the end."""
        return self.count if start >= len(self.block) else self._lines_before(start)

    def _lines_before(self, end: int) -> int:
        if self._milestones is None:
            self._milestones = milestones(self.block) if len(self.block) >= _LONG else []
        passed = bisect_right(self._milestones, end)
        start = self._milestones[passed - 1] if passed else 0
        return passed * APART + self.block.count(b"\n", start, end)

    def parts(self, size: int) -> Iterator[Page]:
        """Yield the lines in pages of about this many bytes; this one alone if it is no larger."""
        if len(self.block) <= size:
            yield self
            return
        start, first = 0, self.first
        while start < len(self.block):
            end = self.block.find(b"\n", start + size) + 1 or len(self.block)
            part = Page(self.block[start:end], first)
            yield part
            start, first = end, first + part.count

    def line_at(self, start: int) -> bytes:
        """Return the line that begins at a byte."""
        return self.block[start : self.block.index(b"\n", start)].rstrip(b"\r")

    def line_before(self, start: int) -> int:
        """Return where the line begins that ends right before the one that begins here."""
        return self.block.rfind(b"\n", 0, start - 1) + 1

    @property
    def raw(self) -> list[bytes]:
        """The lines as they were written."""
        if self._raw is None:
            self._raw = [line.rstrip(b"\r") for line in self.block[:-1].split(b"\n")] if self.block else []
        return self._raw

    @property
    def shapes(self) -> list[bytes]:
        """The lines with all digits the same, and with their ends."""
        if self._shapes is None:
            self._shapes = BytesIO(_translated(self.block, _SAME_DIGITS)).readlines()
        return self._shapes
