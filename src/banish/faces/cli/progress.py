"""How far the reading of a log has come: one line on the terminal, gone when there is something to read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TextIO

from banish.core.model import Lines, Seconds
from banish.core.spans import spell

EVERY: Final = 0.5  # seconds; whoever is done before sees nothing
_ERASE: Final = "\r\x1b[K"
_MEGABYTE: Final = 1e6


class Progress:
    """Watches blocks go by; costs nothing per line."""

    def __init__(self, log: str, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = _size(log)
        self._out = out
        self._clock = clock
        self._start = self._told = clock()
        self._is_shown = False

    @classmethod
    def of(cls, log: str, *, is_json: bool) -> Progress | None:
        """Return a progress for a terminal; nothing where nobody looks, or JSON runs over the screen."""
        wanted = sys.stderr.isatty() and not (is_json and sys.stdout.isatty())
        return cls(log, sys.stderr) if wanted else None

    def watch(self, blocks: Iterable[Lines]) -> Iterator[Lines]:
        """Pass on blocks, and tell from time to time how many bytes have been read before them."""
        read = 0
        try:
            for lines in blocks:
                self._tell(read)
                yield lines
                read = int(lines.cursor.position)
        finally:
            self.clear()

    def clear(self) -> None:
        """Make room for other output."""
        if self._is_shown:
            self._out.write(_ERASE)
            self._out.flush()
            self._is_shown = False

    def _tell(self, read: int) -> None:
        now = self._clock()
        if now - self._told >= EVERY:
            self._told = now
            self._out.write(_ERASE + _sentence(read, self._size, now - self._start))
            self._out.flush()
            self._is_shown = True


def _size(log: str) -> int:
    """Return the bytes of a regular file; 0 for what has no known end."""
    path = Path(log)
    return path.stat().st_size if log != "-" and path.is_file() else 0


def _sentence(read: int, size: int, seconds: float) -> str:
    rate = read / seconds
    if size <= read:
        return f"{_mb(read)} MB read, {_mb(rate)} MB/s"
    rest = f", {spell(Seconds((size - read) / rate))} left" if rate else ""
    return f"{read * 100 // size}%  {_mb(read)} of {_mb(size)} MB, {_mb(rate)} MB/s{rest}"


def _mb(size: float) -> str:
    return f"{size / _MEGABYTE:.1f}"
