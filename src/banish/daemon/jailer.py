"""What can be done by hand about who is in a jail, in the words of the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from banish.core.errors import RefusedError
from banish.core.jail import JailStatus
from banish.core.model import (
    Ban,
    BanAsked,
    Found,
    Hit,
    LookAround,
    Place,
    Release,
    ReleaseAsked,
    Subject,
    Surroundings,
)
from banish.core.plain import Json, Returned
from banish.daemon.loop import Loop


class Jailer:
    """The engine and what is remembered, as somebody with keys sees them. Jails must be there."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def status(self, jail: str) -> JailStatus:
        """Return the figures of a jail; zeros if it is not there."""
        found = (status for status in self._loop.engine.status() if status.name == jail)
        return next(found, JailStatus(jail, 0, 0, 0, 0))

    def banned(self, jail: str) -> list[Subject]:
        """Return who is banned in a jail, in the order of banning."""
        return [place.subject for place, _ in self._loop.engine.wish() if place.jail == jail]

    def bans(self, jail: str) -> list[Ban]:
        """Return the bans of a jail, with their times, in the order in which they end."""
        now = self._loop.world.clock()
        known = {
            ban.subject: ban for ban in self._loop.world.keeper.written(now).bans(now) if ban.jail == jail
        }
        ends = {place.subject: until for place, until in self._loop.engine.wish() if place.jail == jail}
        bans = [known.get(subject) or Ban(jail, subject, now, until) for subject, until in ends.items()]
        return sorted(bans, key=lambda ban: ban.until)

    async def ban(self, jail: str, subjects: Sequence[Subject]) -> int:
        """Ban them; return how many were not banned before. `RefusedError` if that locks somebody out.

        That somebody is exempt by the configuration does not matter.
        """
        world = self._loop.world
        answer = await world.oracle.answer(LookAround())
        around = answer if isinstance(answer, Surroundings) else Surroundings({})
        for subject in subjects:
            if reason := self._loop.engine.objection(subject, around, world.clock()):
                raise RefusedError(
                    f"{subject} is not banned: {reason}; banish ban --force bans it all the same"
                )
        before = self.status(jail).banned
        self._loop.handle(BanAsked(jail, tuple(subjects)))
        return self.status(jail).banned - before

    async def call_action(
        self, jail: str, action: str, method: str, arguments: Mapping[str, Json]
    ) -> Returned | None:
        """Call a method of an action by hand; nothing if there is none. `RefusedError` if it went wrong."""
        return await self._loop.world.scripts.call((jail, action), method, arguments)

    def rest(self, jail: str, *, is_idle: bool) -> None:
        """Have lines judged in a jail no more, or again; those in between never are. Its bans stay."""
        if is_idle:
            self._loop.idle.add(jail)
        else:
            self._loop.idle.discard(jail)

    def release(self, subjects: Iterable[Subject], jail: str | None = None) -> list[Place]:
        """Release them, in one jail or in all; return from where somebody was released."""
        effects = self._loop.handle(ReleaseAsked(tuple(subjects), jail))
        return [place for effect in effects if isinstance(effect, Release) for place in effect.places]

    def release_all(self) -> int:
        """Release everybody; return how many there were."""
        return len(self.release(dict.fromkeys(place.subject for place, _ in self._loop.engine.wish())))

    def attempt(self, jail: str, subject: Subject, lines: Sequence[str]) -> bool:
        """Count failures as if a log had told of them, one for each line; return whether they count."""
        before = self.status(jail).failures
        now = self._loop.world.clock()
        hits = tuple(Hit(jail, subject, now, 0, (line,) if line else ()) for line in lines or ("",))
        self._loop.handle(Found(hits))
        return self.status(jail).failures > before
