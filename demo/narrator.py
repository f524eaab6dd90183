"""Listens to Banish and tells the audience: failures counted, bans, who is spared and who is free again."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from demo import guard, server
from demo.guard import MAXRETRY, Event
from demo.guests import BY_ADDRESS
from demo.programs import Line
from demo.screen import Screen

_TOGETHER: Final = 0.3  # seconds in which failures are told as one line


class Narrator:
    """Tells each line of Banish when it comes."""

    def __init__(self, screen: Screen) -> None:
        self.delays: dict[str, float] = {}
        """Address → seconds from the failure that was too much, as the log dates it, to the ban."""
        self.first_count = asyncio.Event()
        """Set when the audience has heard of a first failed login."""
        self._screen = screen
        self._counted: Counter[str] = Counter()
        self._untold: dict[str, asyncio.TimerHandle] = {}
        self._topics = {
            "found": self._found,
            "banned": self._banned,
            "spared": self._spared,
            "unbanned": self._unbanned,
        }

    def hear(self, line: Line) -> None:
        """Take one line of Banish."""
        event = guard.read(line)
        if event.address in BY_ADDRESS and event.topic in self._topics:
            self._topics[event.topic](event)
        elif event.topic not in {"banish", "guarding", "stopped"}:
            self._screen.say("banish", line.text)

    def _say(self, address: str, text: str) -> None:
        self._screen.say(BY_ADDRESS[address].name, text)

    def _found(self, event: Event) -> None:
        address = event.address
        self._counted[address] += 1
        if address not in self._untold and self._counted[address] <= MAXRETRY:
            later = asyncio.get_running_loop().call_later
            self._untold[address] = later(_TOGETHER, self._count, address)

    def _count(self, address: str) -> None:
        del self._untold[address]
        self._say(address, f"{self._counted[address]} failed logins")
        self.first_count.set()

    def _hush(self, address: str) -> None:
        """Leave out a count that says less than what is told now."""
        if address in self._untold:
            self._untold.pop(address).cancel()

    def _banned(self, event: Event) -> None:
        self._hush(event.address)
        self.first_count.set()
        number = int(event.values["failures"])
        delay = event.at - server.failed_logins(event.address)[number - 1]
        self.delays[event.address] = delay
        self._say(event.address, f"BANNED {delay * 1000:.0f} ms after failed login number {number}")

    def _spared(self, event: Event) -> None:
        self._hush(event.address)
        self._say(event.address, f"SPARED at {event.values['failures']} failed logins: {event.values['why']}")

    def _unbanned(self, event: Event) -> None:
        self._say(event.address, f"FREE again: {event.values['why']}")
