"""Programs: run to their end, or kept running beside the story with every line they print and its time."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeVar

from demo.errors import PlotError

Found = TypeVar("Found")


class Line(NamedTuple):
    """What a program printed, and when that was read, in seconds since 1970."""

    at: float
    text: str


async def output(
    *words: str, seconds: float = 10.0, fine: tuple[int, ...] = (0,), env: Mapping[str, str] | None = None
) -> str:
    """Run a program to its end and return what it printed; `PlotError` if it fails or takes too long."""
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(env or {})},
    )
    try:
        async with asyncio.timeout(seconds):
            printed, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise PlotError(f"{' '.join(words)}: not done after {seconds:g} s") from None
    text = printed.decode("utf-8", "replace")
    if process.returncode not in fine:
        raise PlotError(f"{' '.join(words)}: exit status {process.returncode}\n{text.rstrip()}")
    return text


async def comes_true(condition: Callable[[], Awaitable[Found]], what: str, seconds: float = 10.0) -> Found:
    """Wait for something in the world that announces itself to nobody; return what the condition returned."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := await condition()):  # noqa: ASYNC110 - it is no event of this program
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise PlotError(f"{what} has not come after {seconds:g} s") from None
    return found


class Program:
    """A program beside the story; everything it prints is kept in `lines`."""

    started: ClassVar[list[Program]] = []
    """All of them, for those who want to know what they said when something goes wrong."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, hear: Callable[[Line], None] | None
    ) -> None:
        self.name = name
        self.lines: list[Line] = []
        self._process = process
        self._hear = hear
        self._has_said_all = False
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())
        self.started.append(self)

    @classmethod
    async def start(
        cls,
        name: str,
        *words: str,
        folder: Path,
        env: Mapping[str, str] | None = None,
        hear: Callable[[Line], None] | None = None,
    ) -> Program:
        """Start a program in a folder, as the head of a process group; `hear` gets each line at once."""
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        return cls(name, process, hear)

    def tell(self, text: str) -> None:
        """Write a line to its standard input."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{text}\n".encode())

    async def until(self, wanted: Callable[[str], object], seconds: float, what: str, after: int = 0) -> Line:
        """Return the first line that is wanted, waiting for it; lines before number `after` do not count.

        `PlotError` names `what` was waited for, if the program ends or the time runs out without it.
        """
        checked = after
        try:
            async with asyncio.timeout(seconds), self._news:
                while True:
                    for line in self.lines[checked:]:
                        if wanted(line.text):
                            return line
                    checked = len(self.lines)
                    if self._has_said_all:
                        await self._reading
                        raise PlotError(f"{self.name} ended before {what} came")
                    await self._news.wait()
        except TimeoutError:
            raise PlotError(f"{self.name}: {what} has not come after {seconds:g} s") from None

    async def end(self, seconds: float = 10.0) -> int:
        """Wait until it has ended and all it printed is read; return its exit status."""
        try:
            async with asyncio.timeout(seconds):
                await self._reading
                return await self._process.wait()
        except TimeoutError:
            raise PlotError(f"{self.name}: has not ended after {seconds:g} s") from None

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to all its processes and wait for the end."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        return await self.end()

    async def _read(self) -> None:
        try:
            await self._listen()
        finally:
            async with self._news:
                self._has_said_all = True
                self._news.notify_all()

    async def _listen(self) -> None:
        stream = self._process.stdout
        while stream is not None and (printed := await stream.readline()):
            line = Line(time.time(), printed.decode("utf-8", "replace").rstrip())
            self.lines.append(line)
            if self._hear is not None:
                self._hear(line)
            async with self._news:
                self._news.notify_all()
