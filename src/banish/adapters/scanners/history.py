"""The last lines of every source, so that a scanner can learn what another one knew.

What a scanner remembers of earlier lines (how dates are written, the lines of a connection, of a window)
comes back when these lines are scanned again, silently, by the clock of then.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from banish.core.model import Instant, Lines
from banish.core.sessions import LIFETIME

MOST_BYTES: Final = 256 << 10  # of one source: some 2,500 lines, 5 to 80 ms to read again
MOST_OF_ALL: Final = 8 << 20  # of all sources; beyond it the one that was quiet for longest is forgotten


@dataclass(frozen=True, slots=True)
class Past:
    """A block that was scanned, for which jails, and when."""

    lines: Lines
    jails: Sequence[str]
    now: Instant


@dataclass(slots=True)
class _Tape:
    pasts: deque[tuple[int, Past]] = field(default_factory=deque)
    size: int = 0

    def add(self, number: int, past: Past) -> int:
        """Add a block, drop what is too much or too old; returns by how much it has grown."""
        before, oldest = self.size, past.now - LIFETIME
        self.pasts.append((number, past))
        self.size += len(past.lines.block)
        while len(self.pasts) > 1 and (self.size > MOST_BYTES or self.pasts[0][1].now < oldest):
            self.size -= len(self.pasts.popleft()[1].lines.block)
        return self.size - before


class History:
    """The last lines by source; blocks are numbered from 1, over all sources."""

    def __init__(self) -> None:
        self._tapes: OrderedDict[str, _Tape] = OrderedDict()  # the one heard of last at the end
        self._size = self._count = 0

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._tapes)

    def add(self, past: Past) -> int:
        """Keep the end of a block; returns its number."""
        source = past.lines.source
        tape = self._tapes.setdefault(source, _Tape())
        self._tapes.move_to_end(source)
        self._count += 1
        self._size += tape.add(self._count, _end(past))
        while self._size > MOST_OF_ALL:
            _, forgotten = self._tapes.popitem(last=False)
            self._size -= forgotten.size
        return self._count

    def since(self, source: str, number: int) -> Sequence[Past]:
        """Return the blocks of a source behind that number, oldest first."""
        tape = self._tapes.get(source)
        return [past for at, past in tape.pasts if at > number] if tape else ()


def _end(past: Past) -> Past:
    """Return the last lines of a block."""
    block = past.lines.block
    if len(block) <= MOST_BYTES:
        return past
    rest = block[block.find(b"\n", len(block) - MOST_BYTES - 1) + 1 :]
    return replace(past, lines=replace(past.lines, block=rest))
