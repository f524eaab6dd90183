"""A source that the program feeds: tests, standard input, replay of old logs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from banish.core.model import Cursor, Lines

LONGEST_LINE: Final = 1 << 20  # bytes, as in files; the rest of a longer line is skipped
_FULL: Final = 1 << 20  # bytes that are kept before `feed` waits for the consumer


class MemorySource:
    """Yields what it is fed, in complete lines; the position of its cursor counts the bytes taken."""

    def __init__(self, name: str = "memory", *, live: bool = True) -> None:
        self._name = name
        self._live = live
        self._held = bytearray()
        self._taken = 0
        self._is_cut = self._is_ended = self._is_paused = False
        self._fed = asyncio.Event()
        self._drained = asyncio.Event()

    async def feed(self, data: bytes) -> None:
        """Add bytes, complete lines or not; waits first while more than 1 MiB is left."""
        while len(self._held) > _FULL and not self._is_ended:
            self._drained.clear()
            await self._drained.wait()
        if not self._is_ended:
            self._held += data
            self._fed.set()

    def end(self) -> None:
        """Say that nothing comes any more: `blocks` delivers the rest, a partial line too, and ends."""
        self._is_ended = True
        self._fed.set()
        self._drained.set()

    async def blocks(self) -> AsyncIterator[Lines]:
        """Yield what was fed, until `end` or `close`."""
        while True:
            if not self._is_paused and (block := self._take()):
                yield Lines(self._name, block, Cursor(self._name, str(self._taken)), self._live)
            elif self._is_ended and not self._held:
                return
            else:
                self._fed.clear()
                await self._fed.wait()

    def pause(self, name: str) -> None:
        """Yield nothing, if that is what this source is called."""
        self._is_paused |= name == self._name

    def resume(self, name: str) -> None:
        """Go on, if that is what this source is called."""
        self._is_paused &= name != self._name
        self._fed.set()

    def close(self) -> None:
        """End, and forget what was not taken."""
        self._held.clear()
        self.end()

    def _take(self) -> bytes:
        if self._is_cut:
            end = self._held.find(b"\n") + 1
            self._is_cut = not end
            self._cut_off(end or len(self._held))
        if end := self._held.rfind(b"\n", 0, LONGEST_LINE + 1) + 1:
            return self._cut_off(end)
        if len(self._held) > LONGEST_LINE:
            self._is_cut = True
            return self._cut_off(LONGEST_LINE) + b"\n"
        if self._is_ended and self._held:
            return self._cut_off(len(self._held)) + b"\n"
        return b""

    def _cut_off(self, size: int) -> bytes:
        block = bytes(self._held[:size])
        del self._held[:size]
        self._taken += size
        self._drained.set()
        return block
