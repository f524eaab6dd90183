"""A file source and its consumer in one hand: every step of a dialogue is a plain call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from banish.adapters.sources.file import FileSource, Start
from banish.adapters.sources.state import FileState, Patience
from banish.core.config import LogPath
from banish.core.model import Cursor, Lines

EVENTS_ONLY = Patience(poll=3600)
LONG = 10  # seconds after which a test gives up


class Reading:
    """A source, its event loop, and what was read so far."""

    def __init__(
        self,
        *logs: Path | LogPath,
        cursors: Mapping[str, Cursor] | None = None,
        start: Start | None = None,
        patience: Patience = EVENTS_ONLY,
    ) -> None:
        self.notices: list[str] = []
        self.cursors: dict[str, Cursor] = dict(cursors or {})
        paths = [log if isinstance(log, LogPath) else LogPath(str(log)) for log in logs]
        self.source = FileSource(paths, self.cursors, start, self.notices.append, patience)
        self._blocks = self.source.blocks()
        self._runner = asyncio.Runner()
        self._next: asyncio.Task[Lines] | None = None

    def ask(self) -> Lines | None:
        """Ask for a block and let the source run until it has one or waits for the world."""
        lines: Lines | None = self._runner.run(self._settle())
        if lines is not None:
            self._next = None
            self.cursors[lines.source] = lines.cursor
        return lines

    def next(self) -> Lines:
        """Wait for the next block."""
        lines = self.ask()
        if lines is None:
            assert self._next
            lines = self._runner.run(self._wait(self._next))
            self._next = None
            self.cursors[lines.source] = lines.cursor
        return lines

    def lines(self, count: int) -> list[bytes]:
        """Wait for that many lines, of all files."""
        found: list[bytes] = []
        while len(found) < count:
            found += self.next().block.splitlines(keepends=True)
        return found

    def there(self) -> list[bytes]:
        """Take all lines that are there now."""
        found: list[bytes] = []
        while lines := self.ask():
            found += lines.block.splitlines(keepends=True)
        return found

    def state(self) -> FileState:
        """The state of the only path."""
        (state,) = self.source.status()
        return state

    def state_of(self, path: Path) -> FileState:
        """The state of one of the paths."""
        return next(state for state in self.source.status() if state.path == str(path))

    def ends(self) -> bool:
        """Whether the source says that there is no more."""
        try:
            self.next()
        except StopAsyncIteration:
            return True
        return False

    def close(self) -> None:
        self.source.close()
        if self._next:
            self._next.cancel()
        self._runner.close()

    async def _settle(self) -> Lines | None:
        if self._next is None:
            self._next = asyncio.ensure_future(anext(self._blocks))
        turns = 0  # what the kernel has told already is heard in the next turns of the loop
        while not self._next.done() and turns < 3:
            turns = turns + 1 if self._rests() else 0
            await asyncio.sleep(0)
        return await self._next if self._next.done() else None

    def _rests(self) -> bool:
        """Whether the source waits, and not just for the time that it must leave between two looks."""
        rest = self.source._next_look - time.monotonic()
        return self.source._watcher._waiting is not None and rest > self.source._patience.poll / 2

    @staticmethod
    async def _wait(task: asyncio.Task[Lines]) -> Lines:
        return await asyncio.wait_for(asyncio.shield(task), LONG)


class Open(Protocol):
    """What the fixture `reading` is."""

    def __call__(
        self,
        *logs: Path | LogPath,
        cursors: Mapping[str, Cursor] | None = ...,
        start: Start | None = ...,
        patience: Patience = ...,
    ) -> Reading: ...


@pytest.fixture
def reading() -> Iterator[Open]:
    """Open readings; all are closed at the end."""
    opened: list[Reading] = []

    def open_(
        *logs: Path | LogPath,
        cursors: Mapping[str, Cursor] | None = None,
        start: Start | None = None,
        patience: Patience = EVENTS_ONLY,
    ) -> Reading:
        opened.append(Reading(*logs, cursors=cursors, start=start, patience=patience))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def append(path: Path, data: bytes) -> None:
    """Write as a log daemon does: at the end, in one call."""
    with path.open("ab", buffering=0) as file:
        file.write(data)


@pytest.fixture
def write() -> Callable[[Path, bytes], None]:
    """Append bytes to a file, creating it."""
    return append
