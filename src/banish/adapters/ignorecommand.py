"""A jail's `ignorecommand`: a program of the operator's that says whether a failure is to be forgiven.

Values from logs never become part of what the shell reads: an address is put in only because it is one, and
all else is handed over as a parameter.
Source: jail.conf(5), ignorecommand: status 0 means ignore, 1 do not, anything else is an error.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, TypeAlias

from banish.adapters.reports import Reports
from banish.adapters.scripts.shell import has_ended
from banish.core.model import Hit
from banish.core.subject import network_of

LIMIT_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 0.2  # from SIGTERM to SIGKILL
AT_ONCE: Final = 4
KEPT_BYTES: Final = 500  # of what a failing command writes, for the report
MOST_CHARS: Final = 4096  # of a value; the kernel takes 128 KiB

Expand: TypeAlias = "Callable[[str, Hit], Sequence[str]]"
"""Command and failure → what follows `sh -c`: the script, and its parameters from `$0` on."""


def expand(command: str, hit: Hit) -> Sequence[str]:
    """Fill in `<ip>` and `<fid>`; every other tag stays."""
    address = hit.subject if network_of(hit.subject) is not None else ""
    script = command.replace("<ip>", address).replace("<fid>", "${banish_fid}")
    return f"banish_fid=$0\n{script}", hit.subject[:MOST_CHARS]


class IgnoreCommands:
    """Runs the commands, a few at a time; a verdict that does not come in time is "not known"."""

    def __init__(
        self,
        reports: Reports,
        *,
        expand: Expand = expand,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._reports = reports
        self._expand = expand
        self._limit_seconds = limit_seconds
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def knows(self, command: str, hit: Hit) -> bool:
        """Whether the command says that this failure does not count. Never raises."""
        try:
            async with asyncio.timeout(self._limit_seconds), self._turn:
                status, output = await _run(self._expand(command, hit))
        except TimeoutError:
            self._tell(command, f"no verdict after {self._limit_seconds:g} s, killed")
            return False
        except (OSError, ValueError) as error:
            self._tell(command, str(error))
            return False
        if status not in {0, 1}:
            self._tell(command, f"status {status}; write a command that ends with 0 or 1; {output!r}")
        return status == 0

    def _tell(self, command: str, trouble: str) -> None:
        where = f"ignorecommand = {command[:200]!r}"
        self._reports.tell(where, f"{where}: {trouble}; the failure counts")


async def _run(arguments: Sequence[str]) -> tuple[int, str]:
    """Run a script in a process group of its own; return its status and the beginning of its output."""
    output = _Output()
    try:
        process = await create_subprocess_exec(
            "/bin/sh",
            "-c",
            *(_argument(value) for value in arguments),
            stdin=DEVNULL,
            stdout=output.writing_end,
            stderr=output.writing_end,
            start_new_session=True,
        )
        try:
            return await process.wait(), output.text()
        except asyncio.CancelledError:
            await _kill(process)
            raise
    finally:
        output.close()


async def _kill(process: Process) -> None:
    """End a whole process group, first with a word of warning."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        await has_ended(process, GRACE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _argument(value: str) -> bytes:
    """Encode a value as the log had it; what no argument can hold is left out or replaced."""
    text = value.replace("\x00", "")
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


class _Output:
    """A pipe that is always drained, so that no command ever waits for us; the beginning is kept.

    asyncio's own pipes would make the end of a command wait for the end of everything it left behind.
    """

    def __init__(self) -> None:
        self._reading_end, self.writing_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.writing_end, True)
        self._kept = b""
        asyncio.get_running_loop().add_reader(self._reading_end, self._drain)

    def text(self) -> str:
        """Return what was kept."""
        self._drain()
        return self._kept.decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of both ends; whoever still writes gets SIGPIPE."""
        asyncio.get_running_loop().remove_reader(self._reading_end)
        os.close(self._reading_end)
        os.close(self.writing_end)

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            data = os.read(self._reading_end, 65_536)
            self._kept = (self._kept + data)[:KEPT_BYTES]
