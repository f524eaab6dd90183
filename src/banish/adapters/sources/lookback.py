"""Where to begin in a log file that was never read: no further back than its lines can still count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, Protocol

from banish.core.model import Instant

SLACK: Final = 7200.0  # seconds: local times go back by one hour in autumn; and as much again
NEAR: Final = 1 << 16  # bytes; reading that takes less than searching in it
_MOST_LINES = 256
_MOST_DATES = 8


class Probe(Protocol):
    """Looks into a file without reading it through."""

    def size(self) -> int:
        """Bytes in the file."""
        ...

    def lines(self, offset: int) -> Sequence[tuple[int, bytes]]:
        """Read some complete lines from the first that starts at or behind `offset`, each with its start."""
        ...


def find_start(probe: Probe, date_of: Callable[[bytes], Instant | None], oldest: Instant) -> int:
    """Find the start of a line such that no line of `oldest` or later stands before it.

    Bisection; about 8 dates are read at each of log2(size / 64 KiB) places. A place without dates counts as
    new, which costs reading, not lines. Lines may be out of order by up to `SLACK`: a line that counts is
    passed over only if, at a later place, 8 dated lines in a row (all dated ones among 256 lines or 64 KiB)
    are older than `oldest` by more than that.
    """
    low, high = 0, probe.size()
    while high - low > NEAR:
        middle = (low + high) // 2
        lines = probe.lines(middle)
        dated = (date for _, line in lines[:_MOST_LINES] if (date := date_of(line)) is not None)
        newest = max(islice(dated, _MOST_DATES), default=oldest)
        if newest < oldest - SLACK and middle <= lines[0][0] < high:
            low = lines[0][0]
        else:
            high = middle
    return low
