"""The journal as a source: `journalctl --follow` for each set of matches, from where reading stopped.

journalctl knows of rotated and vacuumed files, of namespaces and of several journals, and is there wherever a
journal is. One that ends is started again behind the last entry that was read; one that is silent although
there are newer entries is killed and started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from banish.adapters.journal.entry import FIELDS
from banish.adapters.journal.lines import Blocks
from banish.adapters.journal.query import COMMAND, Query, machine_id
from banish.adapters.sources.state import Notice
from banish.core.model import Cursor, Instant, Lines

_PIECE: Final = 1 << 18  # bytes read at once
_PAUSES: Final = (1.0, 2.0, 5.0, 15.0, 60.0)  # seconds before journalctl is started again
_SILENCE: Final = 60.0  # seconds after which it is looked whether there is nothing to say
_DELAY: Final = 5_000_000  # microseconds an entry may take to be told
_SECOND: Final = 1_000_000


@dataclass(slots=True)
class _Reading:
    """One query, how far it was read, and the block that waits to be taken."""

    name: str
    words: tuple[str, ...]
    blocks: Blocks
    cursor: str
    since: Instant
    waiting: Lines | None = None
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    process: Process | None = None
    heard: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class JournalState:
    """How it stands with one query; `error` is empty where all is well."""

    name: str
    error: str


class JournalSource:
    """Reads what `queries` ask for, by name; one that was never read begins at `since`.

    `notice` is told, in words, what an operator should know. `silence` is how long a reader may say nothing,
    in seconds, before it is doubted.
    """

    def __init__(
        self,
        queries: Mapping[str, Query],
        cursors: Mapping[str, Cursor],
        since: Callable[[str], Instant],
        zone: tzinfo,
        *,
        notice: Notice = lambda _: None,
        silence: float = _SILENCE,
    ) -> None:
        started, machine = int(time.time() * _SECOND), machine_id()
        self._readings = {
            name: _Reading(
                name,
                query.asked(machine),
                Blocks(name, zone, started - _SECOND),
                cursors[name].position if name in cursors else "",
                since(name),
            )
            for name, query in queries.items()
        }
        self._notice = notice
        self._silence = silence
        self._paused: set[str] = set()
        self._changed = asyncio.Event()
        self._is_closed = False

    async def blocks(self) -> AsyncIterator[Lines]:
        """Yield blocks as they come until `close`; little is read while none is asked for."""
        tasks = [
            asyncio.ensure_future(task)
            for reading in self._readings.values()
            for task in (self._follow(reading), self._doubt(reading))
        ]
        try:
            while not self._is_closed:
                self._changed.clear()
                for lines in self._ready():
                    yield lines
                await self._changed.wait()
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def pause(self, name: str) -> None:
        """Leave a query alone."""
        self._paused.add(name)

    def resume(self, name: str) -> None:
        """Go on with a query."""
        self._paused.discard(name)
        self._changed.set()

    def status(self) -> tuple[JournalState, ...]:
        """How it stands with each query."""
        return tuple(JournalState(reading.name, reading.error) for reading in self._readings.values())

    def close(self) -> None:
        """End `blocks`, and every reader."""
        self._is_closed = True
        self._changed.set()
        for reading in self._readings.values():
            _kill(reading.process)

    def _ready(self) -> list[Lines]:
        """Take what waits, one block of each that is not paused."""
        found = []
        for reading in self._readings.values():
            if reading.waiting is not None and reading.name not in self._paused:
                found.append(reading.waiting)
                reading.waiting = None
                reading.taken.set()
        return found

    async def _follow(self, reading: _Reading) -> None:
        """Have journalctl tell, for ever."""
        failures = 0
        while not self._is_closed:
            begun = time.monotonic()
            reason = await self._read(reading)
            failures = 0 if time.monotonic() - begun > _PAUSES[-1] else failures + 1
            if self._is_closed:
                return
            pause = _PAUSES[min(failures, len(_PAUSES)) - 1] if failures else _PAUSES[0]
            reading.error = f"{reason}; it is started again in {pause:g} s, behind the last entry"
            self._notice(f"{reading.name}: {reading.error}")
            await asyncio.sleep(pause)

    async def _read(self, reading: _Reading) -> str:
        """Read until journalctl ends; return why."""
        fields = f"--output-fields={','.join(FIELDS)}"
        # from the last entry on, not behind it: where that is gone, journalctl would leave out another
        where = f"--cursor={reading.cursor}" if reading.cursor else f"--since=@{int(reading.since)}"
        words = [*COMMAND, "--follow", "--no-tail", fields, where, *reading.words]
        try:
            process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
        except OSError as error:
            return f"journalctl: {error.strerror or error}"
        reading.process = process
        reading.blocks.reset(reading.cursor)
        reading.heard, reading.error = time.monotonic(), ""
        try:
            await self._pass_on(reading, process)
            said = await process.stderr.read(_PIECE) if process.stderr else b""
            status = await process.wait()
        finally:
            await _end(process)
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [f"status {status}"]
        return f"journalctl ended: {last[0]}"

    async def _pass_on(self, reading: _Reading, process: Process) -> None:
        while process.stdout is not None and (piece := await process.stdout.read(_PIECE)):
            reading.heard = time.monotonic()
            lines = reading.blocks.feed(piece)
            if lines is None:
                continue
            reading.taken.clear()
            reading.waiting, reading.cursor = lines, lines.cursor.position
            self._changed.set()
            await reading.taken.wait()
            reading.heard = time.monotonic()

    async def _doubt(self, reading: _Reading) -> None:
        """Kill a reader that is silent although there is something to tell."""
        while True:
            await asyncio.sleep(self._silence)
            is_quiet = time.monotonic() - reading.heard >= self._silence and reading.waiting is None
            if reading.process is not None and is_quiet and await self._has_more(reading):
                self._notice(f"{reading.name}: journalctl fell silent; it is started again")
                _kill(reading.process)

    async def _has_more(self, reading: _Reading) -> bool:
        """Whether there is an entry behind the last one that was told, and not only just."""
        where = f"--after-cursor={reading.cursor}" if reading.cursor else f"--since=@{int(reading.since)}"
        until = f"--until=@{int(time.time() - _DELAY / _SECOND)}"
        words = [*COMMAND, "--lines=1", "--output-fields=_PID", where, until, *reading.words]
        try:
            process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
        except OSError:
            return False
        try:
            async with asyncio.timeout(self._silence):
                said, _ = await process.communicate()
        except TimeoutError:
            return False
        finally:
            await _end(process)
        return bool(said.strip())


async def _end(process: Process) -> None:
    """Kill it if it is still there, and wait; else what it leaves behind is closed at some later time."""
    _kill(process)
    await process.communicate()


def _kill(process: Process | None) -> None:
    if process is not None and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
