"""The administrator: one session that stays open, and at a second terminal a forgetful hand."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from demo.guests import ANNA
from demo.programs import Program, output
from demo.stage import PASSWORD, WINGS

_BEAT: Final = 0.2  # seconds between two signs of life
_WINDOWS: Final = 3
_PROMPTS: Final = 2  # in each window
_SSH: Final = (
    *("ssh", "-F", "none", "-o", "StrictHostKeyChecking=accept-new"),
    *("-o", f"UserKnownHostsFile={WINGS}/known_hosts", "-o", "GlobalKnownHostsFile=none"),
    *("-o", "IdentityAgent=none", "-o", "IdentitiesOnly=yes", f"anna@{ANNA.door}"),
)
_WITH_KEY: Final = ("-i", str(WINGS / "anna_key"), "-o", "BatchMode=yes")
_WITH_PASSWORD: Final = ("-o", "PubkeyAuthentication=no", "-o", f"NumberOfPasswordPrompts={_PROMPTS}")


class Session:
    """A shell on the server, which is asked for a sign of life again and again."""

    def __init__(self, shell: Program) -> None:
        self._delays: list[float] = []
        self._shell = shell
        self._leaving = asyncio.Event()
        self._beating = asyncio.create_task(self._beat())

    @classmethod
    async def open(cls) -> Session:
        """Log in with the key."""
        shell = await Program.start("anna's ssh", *ANNA.at_home(*_SSH, *_WITH_KEY), folder=WINGS)
        shell.tell("echo here I am")
        await shell.until("here I am".__eq__, 10, "a shell")
        return cls(shell)

    async def close(self) -> tuple[int, float]:
        """Let the last answer come, and log out; `PlotError` if ever one did not come.

        Return how many came, and after how many seconds the slowest.
        """
        self._leaving.set()
        await self._beating
        self._shell.tell("exit")
        await self._shell.end()
        return len(self._delays), max(self._delays)

    async def _beat(self) -> None:
        while not self._leaving.is_set():
            sign, sent, seen = f"sign of life {len(self._delays)}", time.time(), len(self._shell.lines)
            self._shell.tell(f"echo {sign}")
            answer = await self._shell.until(sign.__eq__, 5, "the answer of the open session", seen)
            self._delays.append(answer.at - sent)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), _BEAT)


async def mistype() -> None:
    """Give ssh the wrong password as often as it asks, in several windows."""
    await asyncio.gather(*(_with_password("cast off at noon", fine=(255,)) for _ in range(_WINDOWS)))


async def remember() -> None:
    """Log in with the right password."""
    await _with_password(PASSWORD, fine=(0,))


async def _with_password(password: str, fine: tuple[int, ...]) -> None:
    answerer = WINGS / f"says-{password.replace(' ', '-')}"
    if not answerer.exists():
        answerer.write_text(f"#!/bin/sh\necho '{password}'\n")
        answerer.chmod(0o700)
    env = {"SSH_ASKPASS": str(answerer), "SSH_ASKPASS_REQUIRE": "force"}
    await output(*ANNA.at_home(*_SSH, *_WITH_PASSWORD, "true"), seconds=20, fine=fine, env=env)
