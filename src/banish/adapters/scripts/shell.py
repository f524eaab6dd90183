"""Run one command of an action, for a limited time."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

GRACE_SECONDS: Final = 0.2  # from SIGTERM to SIGKILL
KEPT_BYTES: Final = 8192  # of what a command writes
_PIECE: Final = 65_536
_HINTS: Final = {126: "it may not be executed", 127: "there is no such command"}


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended: its status (negative: by this signal) and the end of what it wrote."""

    status: int
    output: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it did what it should."""
        return self.status == 0

    def __str__(self) -> str:
        what = f"killed by signal {-self.status}" if self.status < 0 else f"status {self.status}"
        hint = _HINTS.get(self.status)
        said = " | ".join(self.output.strip().splitlines())
        return what + (f" ({hint})" if hint else "") + (f": {said}" if said else "")


async def run(words: Sequence[str], seconds: float) -> Result:
    """Run `sh -c` with these words, in a session of its own; its whole group is killed when time is over."""
    try:
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", *words, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, start_new_session=True
        )
    except OSError as error:
        return Result(126, error.strerror or str(error))
    output = bytearray()
    try:
        async with asyncio.timeout(seconds):
            await _drain(process, output)
            status = await process.wait()
    except TimeoutError:
        await end(process)
        return Result(-signal.SIGKILL, f"no end after {seconds:g} s")
    except asyncio.CancelledError:
        await end(process)
        raise
    return Result(status, output.decode(errors="backslashreplace"))


async def _drain(process: Process, output: bytearray) -> None:
    while process.stdout is not None and (piece := await process.stdout.read(_PIECE)):
        output += piece
        del output[:-KEPT_BYTES]


async def end(process: Process) -> None:
    """End a command and whatever it has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        if await has_ended(process, GRACE_SECONDS):
            return
    await process.wait()


async def has_ended(process: Process, seconds: float) -> bool:
    """Wait so long for the end of a process; say whether it came."""
    # not asyncio.timeout: where a task is being cancelled, that of Python 3.11.2 cancels it once more
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), seconds)
    return process.returncode is not None
