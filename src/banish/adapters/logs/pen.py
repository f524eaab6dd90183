"""Writes lines on a stream; a full disk and a closed pipe are nobody's trouble: guarding goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from threading import Lock
from typing import Final, TextIO

_ESCAPES: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(10, 32), *range(127, 160))}


class Pen:
    """Writes lines; in an event loop those of one turn at once, which is what a burst leads to.

    May be used from any thread.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._lock = Lock()

    def write(self, lines: Sequence[str]) -> None:
        """Write lines, before the loop waits again if there is one, else now."""
        with self._lock:
            is_first = not self._lines
            self._lines += lines
        if is_first:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:  # there is no loop in this thread
                self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            text = "\n".join((*self._lines, ""))
            self._lines.clear()
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(text)
                self._stream.flush()


def one_line(text: str) -> str:
    """Return text that begins no line of its own and commands no terminal, whatever an attacker wrote."""
    return text if text.isprintable() else text.translate(_ESCAPES)
