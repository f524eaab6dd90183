"""Run the daemon in the foreground, until a signal ends it: sockets, signals, word to the service manager."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from banish.adapters.readiness import handed_over, tell
from banish.core.errors import BanishError, ConfigError
from banish.daemon.wiring import Guardian
from banish.faces.control.server import ControlServer
from banish.faces.fail2ban.transmitter import Transmitter

ENDS = (signal.SIGTERM, signal.SIGINT)


async def guard(
    make: Callable[[], Guardian],
    sockets: Sequence[Path],
    say: Callable[[str], None],
    ready: Callable[[], None],
    readers: str = "",
) -> None:
    """Guard until a signal says to stop; bans are then treated as configured.

    The first of the `sockets` must be free (`ConfigError`); the others are done without. `say` is told what
    somebody should know, `ready` is called when reading begins. SIGHUP reads the configuration again, SIGUSR1
    opens the log anew.
    """
    guardian = make()
    transmitter = Transmitter(guardian.jailer, guardian.steering, guardian.household)
    try:
        async with _listening(guardian, transmitter, sockets, say, readers):
            await guardian.start()
            guarding = asyncio.ensure_future(guardian.guard())
            _obey(guardian, guarding, say)
            ready()
            tell("READY=1")
            try:
                await guarding
            except asyncio.CancelledError:
                if not guarding.cancelled():
                    raise
            tell("STOPPING=1")
    finally:
        await guardian.close()


@contextlib.asynccontextmanager
async def _listening(
    guardian: Guardian,
    transmitter: Transmitter,
    sockets: Sequence[Path],
    say: Callable[[str], None],
    readers: str,
) -> AsyncIterator[None]:
    handed = handed_over()
    servers = [
        ControlServer(guardian.control, path, transmitter, readers, handed=handed.get(path))
        for path in dict.fromkeys((*sockets, *handed))
    ]
    try:
        for number, server in enumerate(servers):
            try:
                await server.open()
            except ConfigError as error:
                if not number:
                    raise
                say(f"{error}; commands of fail2ban's clients are not heard there")
        yield
    finally:
        for server in servers:
            await server.close()


def _obey(guardian: Guardian, guarding: asyncio.Future[None], say: Callable[[str], None]) -> None:
    """Have signals do what they do to daemons."""
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(_reload(guardian, say))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    for number in ENDS:
        loop.add_signal_handler(number, guarding.cancel)
    loop.add_signal_handler(signal.SIGHUP, reload)
    loop.add_signal_handler(signal.SIGUSR1, guardian.household.flush)


async def _reload(guardian: Guardian, say: Callable[[str], None]) -> None:
    tell("RELOADING=1")
    try:
        await guardian.steering.reload()
        say("the configuration was read again")
    except BanishError as error:
        say(f"the configuration is as before: {error}")
    tell("READY=1")
