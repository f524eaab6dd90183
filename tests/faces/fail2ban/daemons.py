"""A daemon that decides and enforces nothing, and the commands that fail2ban's clients give it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from banish.compat.frames import RemoteError, Value
from banish.core.model import Cursor
from banish.daemon.configuration import load
from banish.daemon.wiring import Guardian
from banish.faces.fail2ban.transmitter import Transmitter

Made = TypeVar("Made")

JAILS = """
[sshd]
enabled = false
[alpha]
enabled = true
filter = alpha
logpath = {0}/alpha.log
maxretry = 2
ignoreip = 192.0.2.200
action =
guard = no
[beta]
enabled = true
filter = alpha
logpath = {0}/beta.log
action =
"""
FILTER = "[Definition]\nfailregex = ^failed from <HOST>$\ndatepattern = {NONE}\n"


def configure(directory: Path, jails: str = JAILS) -> None:
    """Write a configuration with two jails."""
    (directory / "filter.d").mkdir(exist_ok=True)
    (directory / "jail.local").write_text(jails.format(directory))
    (directory / "filter.d" / "alpha.conf").write_text(FILTER)
    (directory / "fail2ban.local").write_text("[Definition]\ndbfile = None\nlogtarget = STDOUT\n")
    for log in ("alpha.log", "beta.log"):
        (directory / log).touch()


class Client:
    """Gives commands, as they are typed."""

    def __init__(self, guardian: Guardian) -> None:
        self.guardian = guardian
        self.transmitter = Transmitter(guardian.jailer, guardian.steering, guardian.household)

    async def __call__(self, *words: Value) -> Value:
        """Return the value of a reply, or the text of an error."""
        reply = await self.transmitter.answer(list(words))
        assert isinstance(reply, tuple)
        code, value = reply
        assert code == isinstance(value, RemoteError)
        return f"error: {value}" if isinstance(value, RemoteError) else value

    def cursors(self) -> Mapping[str, Cursor]:
        """Return how far logs were judged."""
        return self.guardian.jailer._loop.world.keeper.cursors()

    @staticmethod
    async def until(condition: Callable[[], bool]) -> None:
        """Wait until something is so; inotify tells the daemon, and nobody tells us."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - what changes has no event
                await asyncio.sleep(0.01)


@asynccontextmanager
async def daemon(directory: Path) -> AsyncIterator[Client]:
    """Have a daemon run in this process, on a dry run."""
    guardian = Guardian(load(str(directory)), dry_run=True, in_process=True)
    await guardian.start()
    guarding = asyncio.ensure_future(guardian.guard())
    try:
        yield Client(guardian)
    finally:
        guarding.cancel()
        await asyncio.gather(guarding, return_exceptions=True)
        await guardian.close()


def with_daemon(directory: Path, dialogue: Callable[[Client], Awaitable[Made]]) -> Made:
    """Configure, and have a dialogue with a daemon."""
    configure(directory)

    async def run() -> Made:
        async with daemon(directory) as client:
            return await dialogue(client)

    return asyncio.run(run())
