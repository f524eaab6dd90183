"""The story: one chapter after the other, each told while it happens."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from banish import __version__
from demo import anna, attack, guard, kernel, server, stage, summary
from demo.errors import PlotError
from demo.guard import BANTIME, MAXRETRY
from demo.guests import ANNA, MALLORY, TRUDY, Guest
from demo.narrator import Narrator
from demo.programs import comes_true, output
from demo.screen import Screen

_PROVEN: Final = 5  # packets of open connections dropped; one or two might be the end of something

_TELLING: Final = re.compile("counter.*{|packets|elements")
"""What is shown of the kernel's table."""


class Story:
    """All chapters, in order."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._narrator = Narrator(screen)
        self._reached: dict[Guest, int] = {}

    async def tell(self) -> None:
        """Tell it; `PlotError` if it goes otherwise."""
        await self._set_stage()
        await self._begin_to_guard()
        await self._attack()
        await self._look_at_bans()
        await self._wait_for_the_end()
        await self._finish()

    async def _set_stage(self) -> None:
        say = self._screen
        say.title(f"Banish {__version__} and a real attack, in private namespaces of this machine")
        say.chapter("THE STAGE")
        stage.build()
        await server.start()
        await kernel.lay_gauge()
        versions = await server.versions()
        say.remark("server", f"{versions['sshd']}, {versions['rsyslog']}, {versions['Linux']}")
        say.remark(ANNA.name, f"{ANNA.address:<15}  administrator")
        for guest, family in ((MALLORY, "IPv4"), (TRUDY, "IPv6")):
            say.remark(guest.name, f"{guest.address:<15}  attacker: {versions['hydra']} over {family}")

    async def _begin_to_guard(self) -> None:
        self._screen.chapter("BANISH BEGINS TO GUARD")
        self._screen.quote(f"cat {guard.FOLDER}/jail.local", guard.JAIL.splitlines())
        self._guard = await guard.start(self._narrator.hear)
        self._screen.quote(f"banish run -c {guard.FOLDER}", [line.text for line in self._guard.lines])
        self._session = await anna.Session.open()
        self._screen.say(ANNA.name, "logs in with her key, and stays logged in")

    async def _attack(self) -> None:
        self._screen.chapter(f"THE ATTACK  ({MAXRETRY} failed logins are too many)")
        await asyncio.gather(self._assault(MALLORY, "anna"), self._forget(), self._follow())

    async def _follow(self) -> None:
        await self._guard.until(guard.about("banned", MALLORY), 20, "the first ban")
        await self._assault(TRUDY, "root")

    async def _assault(self, guest: Guest, user: str) -> None:
        """Attack until the ban has been seen to hold."""
        hint = f", number {attack.RIGHT_ONE} is the right one" if user == ANNA.name else ""
        self._screen.say(guest.name, f"starts hydra: {attack.PASSWORDS} passwords for {user}{hint}")
        hydra = await attack.start(guest, user)
        await self._guard.until(guard.about("banned", guest), 20, f"the ban of {guest.name}")
        dropped = await comes_true(lambda: _proof(guest), f"the loss of {guest.name}'s packets")
        connections = await kernel.open_connections(guest)
        text = f"{connections} open connections cut, {dropped} packets of theirs dropped by now"
        self._screen.say(guest.name, text)
        if await attack.is_answered(guest):
            raise PlotError(f"{guest.name} is banned, and a new connection is answered")
        self._reached[guest] = await attack.stop(hydra)
        self._screen.say(guest.name, "a new connection gets no answer either")

    async def _forget(self) -> None:
        await self._narrator.first_count.wait()
        self._screen.say(ANNA.name, "has forgotten her password, and tries some in three more windows")
        await anna.mistype()
        await self._guard.until(guard.about("spared", ANNA), 20, "the word that anna is spared")
        await anna.remember()
        self._screen.say(ANNA.name, "remembers the right one, and is let in there too")

    async def _look_at_bans(self) -> None:
        self._screen.chapter("THE EVIDENCE")
        why = await guard.ask("why", TRUDY.address)
        self._screen.quote(f"banish why {TRUDY.address} | head -5", why.splitlines()[:5])
        table = await output("nft", *kernel.TABLE)
        shown = [line.removeprefix("\t") for line in table.splitlines() if _TELLING.search(line)]
        self._screen.quote(f"nft {' '.join(kernel.TABLE)} | grep -E '{_TELLING.pattern}'", shown)

    async def _wait_for_the_end(self) -> None:
        self._screen.chapter("THE END OF A BAN")
        await asyncio.gather(self._watch_the_kernel(), self._hear_of_the_end())
        bans = await guard.ask("bans")
        self._screen.quote("banish bans", bans.splitlines())

    async def _watch_the_kernel(self) -> None:
        await comes_true(_is_over, "the end of the first ban in the kernel", BANTIME + 5)
        self._screen.say(MALLORY.name, "the kernel's timer is over, and he is out of its set")
        if not await attack.is_answered(MALLORY):
            raise PlotError("mallory's ban is over, and a new connection is not answered")
        self._screen.say(MALLORY.name, "a new connection is answered by sshd")

    async def _hear_of_the_end(self) -> None:
        await self._guard.until(guard.about("unbanned", MALLORY), BANTIME + 5, "the end of the first ban")

    async def _finish(self) -> None:
        count = await kernel.count()
        rows = summary.rows(count, await kernel.banned(), self._narrator.delays)
        answers, slowest = await self._session.close()
        if await self._guard.stop():
            raise PlotError("banish did not end in order")
        say = self._screen
        say.chapter("IN NUMBERS")
        say.table(rows, right=summary.NUMBERS)
        say.note(f"{count.jail} packets in all, says the kernel's counter of jail sshd")
        say.note(f"attackers' logins beyond {MAXRETRY} were in sshd's hands when the ban came")
        reached, right = self._reached[MALLORY], attack.RIGHT_ONE
        say.note(f"hydra's last password was number {reached}, anna's own is number {right}")
        slowest_ms = f"{slowest * 1000:.0f} ms"
        say.note(f"anna's open session answered {answers} of {answers} times, in {slowest_ms} or less")
        say.plain("\nTo guard this machine in the same way:  make run")


async def _proof(guest: Guest) -> int:
    """Return how many packets of open connections were dropped, if it is more than a few."""
    dropped = (await kernel.count()).open[guest]
    return dropped if dropped >= _PROVEN else 0


async def _is_over() -> bool:
    return MALLORY.address not in await kernel.banned()
