"""How many blocks may be on their way from a source to the engine: a few of each log, and so much of all."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from banish.core.model import Lines
from banish.daemon.ports import Source

MOST_OF_ONE: Final = (
    2  # blocks of one log: the next is matched while the engine counts what the last one held
)
MOST_BYTES: Final = 8 << 20  # of all: many short blocks, so that no log waits for another, or a few long ones


class Traffic:
    """The blocks of one source that are on their way."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: Counter[str] = Counter()
        self._bytes = 0
        self._may_enter = asyncio.Event()

    def enter(self, lines: Lines) -> None:
        """Count a block in; its log rests if that was the last of it that may enter."""
        self._bytes += len(lines.block)
        self._blocks[lines.source] += 1
        if self._blocks[lines.source] == MOST_OF_ONE:
            self._source.pause(lines.source)

    def leave(self, lines: Lines) -> None:
        """Count a block out."""
        self._bytes -= len(lines.block)
        if self._blocks[lines.source] == MOST_OF_ONE:
            self._source.resume(lines.source)
        self._blocks[lines.source] -= 1
        if not self._blocks[lines.source]:
            del self._blocks[lines.source]
        self._may_enter.set()

    async def room(self) -> None:
        """Let those that are on their way go on, and wait while they are too many."""
        await asyncio.sleep(0)
        while self._bytes > MOST_BYTES:
            self._may_enter.clear()
            await self._may_enter.wait()
