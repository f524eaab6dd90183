"""Banish as everybody runs it, and what it says."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from demo.guests import Guest
from demo.programs import Line, Program, output
from demo.stage import WINGS

_BANISH: Final = Path(sys.executable).with_name("banish")

FOLDER: Final = WINGS / "banish"
MAXRETRY: Final = 5
BANTIME: Final = 15
JAIL: Final = f"[sshd]\nmaxretry = {MAXRETRY}\nbantime  = {BANTIME}s\n"
_SERVER: Final = f"[Definition]\nlogtarget = /var/log/banish.log\ndbfile = {WINGS}/banish.sqlite3\n"


class Event(NamedTuple):
    """One line `event key=value …` of Banish, and when it was read."""

    at: float
    topic: str
    values: dict[str, str]

    @property
    def address(self) -> str:
        """Whom it is about."""
        return self.values.get("address", "")


def read(line: Line) -> Event:
    """Take a line apart."""
    topic, *pairs = shlex.split(line.text)
    return Event(line.at, topic, dict(pair.split("=", 1) for pair in pairs if "=" in pair))


def about(topic: str, guest: Guest) -> Callable[[str], bool]:
    """Return a test for the line in which Banish says something of somebody."""
    start = f"{topic} jail=sshd address={guest.address}"
    return lambda text: text == start or text.startswith(f"{start} ")


async def start(hear: Callable[[Line], None]) -> Program:
    """Write the configuration, start `banish run`, and wait until it guards."""
    FOLDER.mkdir()
    (FOLDER / "jail.local").write_text(JAIL)
    (FOLDER / "banish.local").write_text(_SERVER)
    words = (str(_BANISH), "run", "-c", str(FOLDER))
    program = await Program.start("banish", *words, folder=WINGS, hear=hear)
    await program.until(lambda text: text.startswith("guarding "), 20, "the word that it guards")
    return program


async def ask(*words: str) -> str:
    """Ask the running Banish, as an operator does; a no is an answer as well."""
    return await output(str(_BANISH), *words, fine=(0, 1))
