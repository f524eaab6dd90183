"""One action of one jail: what was started, who was banned by it, and how a failure is mended.

Source: jail.conf(5), and runs of the original.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from banish.adapters.scripts.briefing import Archive, Tell, brief
from banish.adapters.scripts.shell import Result, run
from banish.compat.bantags import Event, value_of_jail
from banish.compat.batching import MOST, joined
from banish.compat.rendering import Rendering
from banish.core.config import Script
from banish.core.errors import RefusedError
from banish.core.model import Instant, Seconds
from banish.core.plain import Json, Returned


@dataclass(slots=True)
class _State:
    """What is so for one family of addresses."""

    is_started: bool = False
    has_banned: bool = False


@dataclass
class JailAction:
    """Runs the commands; what goes wrong is told and never raised. One call at a time."""

    jail: str
    bantime: Seconds
    rendering: Rendering
    tell: Tell
    archive: Archive = field(default_factory=Archive)
    is_after_crash: bool = False
    """Whether an earlier life may have left its rules behind."""

    _states: dict[str, _State] = field(default_factory=dict)

    @property
    def script(self) -> Script:
        """What it was made of."""
        return self.rendering.script

    @property
    def name(self) -> str:
        """What the action is called in its jail."""
        return self.rendering.script.name

    async def begin(self) -> None:
        """Start what does not wait for the first ban."""
        if not self.rendering.is_on_demand:
            await self._start(self.rendering.families)

    async def ban(self, event: Event) -> bool:
        """Ban somebody; whether that was possible."""
        if event.is_restored and self.rendering.leaves_out_restored:
            return True
        event = await self._brief(event, "actionban")
        family = self._family(event)
        await self._start([family] if family in self.rendering.families else self.rendering.families)
        if not await self._tried("actionban", family, event):
            self.tell(f"Failed to execute ban jail '{self.jail}' action '{self.name}' {event.ban.subject}")
            return False
        self._state(family).has_banned = True
        return True

    async def ban_all(self, events: Sequence[Event]) -> None:
        """Ban several, in one go where the commands allow for it."""
        wanted = [each for each in events if not (each.is_restored and self.rendering.leaves_out_restored)]
        for event in await self._at_once("actionban", wanted):
            await self.ban(event)

    async def unban_all(self, events: Sequence[Event]) -> None:
        """Let several in, in one go where the commands allow for it."""
        for event in await self._at_once("actionunban", events):
            await self.unban(event)

    async def unban(self, event: Event) -> None:
        """Let somebody in, if this action has banned anybody of the family."""
        event = await self._brief(event, "actionunban")
        family = self._family(event)
        if not self._state(family).has_banned:
            return
        if not await self._tried("actionunban", family, event):
            self.tell(f"Failed to execute unban jail '{self.jail}' action '{self.name}' {event.ban.subject}")

    async def prolong(self, event: Event) -> None:
        """Keep somebody out for longer, if the action knows how."""
        if self.rendering.has("actionprolong"):
            event = await self._brief(event, "actionprolong")
            await self._tried("actionprolong", self._family(event), event)

    async def call(self, method: str, arguments: Mapping[str, Json]) -> Returned | None:
        """Do by hand what is done for no one address; nothing if there is no such thing.

        `RefusedError` for arguments, of which none are known.
        """
        calls: dict[str, Callable[[], Awaitable[None]]] = {
            "start": partial(self._start, self.rendering.families),
            "stop": partial(self.end, ()),
            "flush": partial(self._once, "actionflush", self.rendering.families),
            "reload": self.reload,
        }
        if method not in calls:
            return None
        if arguments:
            raise RefusedError(f"{method} takes no arguments here")
        await calls[method]()
        return Returned(value=True)

    async def reload(self) -> None:
        """Be told that the configuration was read again, and this action is still in it."""
        await self._once("actionreload", [name for name, state in self._states.items() if state.is_started])

    async def end(self, events: Iterable[Event]) -> None:
        """Let everybody in, at once if the action knows how, and stop."""
        if self.rendering.has("actionflush"):
            await self._once(
                "actionflush", [name for name, state in self._states.items() if state.has_banned]
            )
        else:
            await self.unban_all(list(events))
        await self._once("actionstop", [name for name, state in self._states.items() if state.is_started])
        self._states.clear()

    # --------------------------------------------------------------------------------------- details

    def _family(self, event: Event) -> str:
        return event.family if len(self.rendering.families) > 1 else self.rendering.families[0]

    def _state(self, family: str) -> _State:
        return self._states.setdefault(family, _State())

    async def _start(self, families: Iterable[str]) -> None:
        """Start families that are not started."""
        idle = [family for family in families if not self._state(family).is_started]
        for family in idle if self.is_after_crash and self.rendering.has("actioncheck") else ():
            if await self._checks(
                family
            ):  # what is there is of an earlier life; nobody is to be banned twice
                words = self.rendering.words("actionstop", family, self._quiet(family))
                await run(words, self.rendering.timeout)
        await self._once("actionstart", idle)
        for family in idle:
            self._state(
                family
            ).is_started = True  # if it failed that has been told; bans are tried all the same

    async def _once(self, command: str, families: Iterable[str]) -> None:
        """Run a command for families; what is the same for two of them only once."""
        done: set[tuple[str, ...]] = set()
        for family in families:
            words = tuple(self.rendering.words(command, family, self._quiet(family)))
            if words[0] and words not in done:
                done.add(words)
                result = await run(words, self.rendering.timeout)
                self._judge(result, command, words)

    def _quiet(self, family: str) -> Callable[[str], str | None]:
        status = self.archive.status(self.jail)
        return value_of_jail(self.jail, self.bantime, Instant(time.time()), family, status)

    async def _run(self, command: str, family: str, value: Callable[[str], str | None]) -> bool:
        words = self.rendering.words(command, family, value)
        return not words[0] or self._judge(await run(words, self.rendering.timeout), command, words)

    def _judge(self, result: Result, command: str, words: Iterable[str]) -> bool:
        if not result.is_good:
            script = next(iter(words)).strip().replace("\n", " ; ")
            self.tell(f"[{self.jail}] {self.name}: {command} failed, {result}; it was: {script[:500]}")
        return result.is_good

    async def _tried(self, command: str, family: str, event: Event) -> bool:
        """Run a command, and once more when what it needs was mended."""
        if await self._run(command, family, event.value_of):
            return True
        can_go_on = await self._is_sound(family, is_unban=command == "actionunban")
        return can_go_on and await self._run(command, family, event.value_of)

    async def _is_sound(self, family: str, *, is_unban: bool) -> bool:
        """See that what an action needs is there; mend it if not."""
        rendering, quiet = self.rendering, self._quiet(family)
        if not rendering.has("actioncheck") or await self._checks(family):
            return True
        if is_unban and not rendering.repairs_on_unban:
            self.tell(f"Invariant check failed. Unban is impossible: [{self.jail}] {self.name}")
            return False
        self.tell(f"Invariant check failed. Trying to restore a sane environment: [{self.jail}] {self.name}")
        if rendering.has("actionrepair"):
            if not await self._run("actionrepair", family, quiet):
                return False
        else:
            await self._run("actionstop", family, quiet)
            await self._run("actionstart", family, quiet)
        if await self._checks(family):
            return True
        self.tell(f"Unable to restore environment: [{self.jail}] {self.name}")
        return False

    async def _checks(self, family: str) -> bool:
        words = self.rendering.words("actioncheck", family, self._quiet(family))
        return (await run(words, self.rendering.timeout)).is_good

    async def _at_once(self, command: str, events: Sequence[Event]) -> list[Event]:
        """Run one command for all who can be dealt with together; return the others.

        What fails is tried one by one: it leaves things as they were, or does not mind that they are done.
        """
        alone: list[Event] = []
        groups: dict[str, list[Event]] = {}
        for event in [await self._brief(each, command) for each in events]:
            family = self._family(event)
            is_known = family in self.rendering.families and (
                command == "actionban" or self._state(family).has_banned
            )
            (groups.setdefault(family, []) if is_known else alone).append(event)
        for family, group in groups.items():
            for first in range(0, len(group), MOST):
                some = group[first : first + MOST]
                if not await self._run_joined(command, family, some):
                    alone += some
        return alone

    async def _run_joined(self, command: str, family: str, events: Sequence[Event]) -> bool:
        words = [self.rendering.words(command, family, event.value_of) for event in events]
        if len(words) == 1 or any(len(each) > 1 for each in words):
            return False  # values that were handed over as parameters are each event's own
        script = joined([script for script, *_ in words])
        if script is None:
            return False
        if command == "actionban":
            await self._start([family])
        result = await run((script,), self.rendering.timeout)
        if result.is_good and command == "actionban":
            self._state(family).has_banned = True
        return result.is_good

    async def _brief(self, event: Event, command: str) -> Event:
        return await brief(event, self.rendering.tags(command), self.archive)
