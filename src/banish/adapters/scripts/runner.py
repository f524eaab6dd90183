"""The actions of all jails, run beside the loop: jails at the same time, the actions of one in their order.

What waits is kept by subject: whoever is let in before his ban was carried out never bothers an action.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from itertools import islice, takewhile
from pathlib import Path
from typing import Final, Protocol, TypeAlias, assert_never

from banish.adapters.scripts.action import JailAction
from banish.adapters.scripts.briefing import Archive, Tell
from banish.adapters.scripts.module import ModuleAction
from banish.compat.bantags import Event
from banish.compat.batching import MOST
from banish.compat.rendering import Rendering
from banish.core.config import JailConfig, Script
from banish.core.errors import RefusedError
from banish.core.model import Ban, Instant, Place, Subject
from banish.core.plain import Json, Returned

LONGEST_END: Final = 60.0  # seconds for all that has to be undone when the daemon stops

Job: TypeAlias = "Callable[[], Awaitable[None]]"


class _Action(Protocol):
    """What the runner asks of an action; nothing raises. One call at a time."""

    @property
    def script(self) -> Script:
        """What it was made of."""
        ...

    async def begin(self) -> None:
        """Start, unless that waits for the first ban."""
        ...

    async def ban_all(self, events: Sequence[Event]) -> None:
        """Ban several."""
        ...

    async def unban_all(self, events: Sequence[Event]) -> None:
        """Let several in."""
        ...

    async def prolong(self, event: Event) -> None:
        """Keep somebody out for longer, if the action knows how."""
        ...

    async def reload(self) -> None:
        """Hear that the configuration was read again."""
        ...

    async def call(self, method: str, arguments: Mapping[str, Json]) -> Returned | None:
        """Call a method by hand; nothing if there is none, `RefusedError` says why it went wrong."""
        ...

    async def end(self, events: Iterable[Event]) -> None:
        """Let everybody in and stop."""
        ...


class _Kind(Enum):
    """What is to be done about somebody."""

    BAN = "ban"
    UNBAN = "unban"
    PROLONG = "prolong"


@dataclass
class _Jail:
    """One jail: its actions, who is banned, what is to be done about whom, and what besides."""

    config: JailConfig
    actions: list[_Action] = field(default_factory=list)
    banned: dict[Subject, Event] = field(default_factory=dict)
    wishes: dict[Subject, tuple[_Kind, Event]] = field(default_factory=dict)
    jobs: deque[Job] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    worker: asyncio.Task[None] | None = None
    is_over: bool = False

    def wish(self, kind: _Kind, event: Event) -> None:
        """Have something done about somebody; what was wished before and not done is taken into account."""
        subject = event.ban.subject
        before = self.wishes[subject][0] if subject in self.wishes else None
        if kind is _Kind.UNBAN and before is _Kind.BAN:
            del self.wishes[subject]
            return
        if kind is _Kind.BAN and before is _Kind.UNBAN:
            kind = _Kind.PROLONG
        elif kind is _Kind.PROLONG and before is _Kind.BAN:
            kind = _Kind.BAN
        self.wishes[subject] = kind, event
        self._begin()

    def take(self) -> tuple[_Kind, list[Event]]:
        """Return what is to be done next, and about whom: as many as have the same wish, in their order."""
        kind = next(iter(self.wishes.values()))[0]
        same = takewhile(lambda wish: wish[1][0] is kind, self.wishes.items())
        events = [event for _, (_, event) in islice(same, MOST)]
        for event in events:
            del self.wishes[event.ban.subject]
        return kind, events

    def put(self, job: Job) -> None:
        """Have something done before all wishes."""
        self.jobs.append(job)
        self._begin()

    def _begin(self) -> None:
        self.idle.clear()
        self.wake.set()


class ScriptRunner:
    """Bans and releases are heard at once and carried out later; nothing here is waited for.

    What goes wrong is told to `tell`.
    """

    def __init__(
        self,
        tell: Tell,
        *,
        archive: Archive | None = None,
        root: Path = Path(),
        is_after_crash: bool = False,
    ) -> None:
        """`archive` is asked for what actions want to know, `root` is where the configuration was read.

        After a crash, what actions find of an earlier life is undone before they are started.
        """
        self._tell = tell
        self._archive = archive or Archive()
        self._root = root
        self._is_after_crash = is_after_crash
        self._jails: dict[str, _Jail] = {}
        full = socket.getfqdn()
        self._host = full, full.partition(".")[0]

    def adopt(
        self,
        jails: Iterable[JailConfig],
        bans: Callable[[str], Iterable[Ban]],
        *,
        is_reload: bool = False,
        restarts: Collection[str] = (),
    ) -> None:
        """Run the actions of these jails; what is the same as before goes on, what is not there ends.

        `bans` are those in force in a jail, for actions that are new. With `is_reload` the others are told
        that the configuration was read again; nothing goes on in jails in `restarts`.
        """
        wanted = {jail.name: jail for jail in jails if jail.scripts}
        for name in self._jails.keys() - wanted.keys():
            self._leave(self._jails.pop(name))
        for name, config in wanted.items():
            jail = self._jails.setdefault(name, _Jail(config))
            jail.config = config
            jail.banned = {ban.subject: Event(ban, is_restored=True) for ban in bans(name)} | jail.banned
            jail.put(partial(self._change, jail, config, is_reload=is_reload, keeps=name not in restarts))
            if jail.worker is None:
                jail.worker = asyncio.get_running_loop().create_task(self._work(jail))

    def ban(self, bans: Iterable[Ban]) -> None:
        """Have these kept out."""
        for ban in bans:
            if (jail := self._jails.get(ban.jail)) is not None:
                jail.banned[ban.subject] = Event(ban)
                jail.wish(_Kind.BAN, jail.banned[ban.subject])

    def unban(self, places: Iterable[Place]) -> None:
        """Have these let in."""
        for place in places:
            jail = self._jails.get(place.jail)
            event = jail.banned.pop(place.subject, None) if jail is not None else None
            if jail is not None and event is not None:
                jail.wish(_Kind.UNBAN, event)

    def prolong(self, places: Iterable[tuple[Place, Instant]]) -> None:
        """Have these kept out for longer."""
        for place, until in places:
            jail = self._jails.get(place.jail)
            old = jail.banned.get(place.subject) if jail is not None else None
            if jail is not None and old is not None:
                event = jail.banned[place.subject] = replace(old, ban=replace(old.ban, until=until))
                jail.wish(_Kind.PROLONG, event)

    async def call(
        self, place: tuple[str, str], method: str, arguments: Mapping[str, Json]
    ) -> Returned | None:
        """Call a method of an action (`place`: the jail, its name) by hand, when it is its turn.

        Nothing if there is no such method or action; `RefusedError` says why it went wrong.
        """
        jail = self._jails.get(place[0])
        if jail is None:
            return None
        returned: asyncio.Future[Returned | None] = asyncio.get_running_loop().create_future()

        async def call() -> None:
            action = next((each for each in jail.actions if each.script.name == place[1]), None)
            try:
                value = await action.call(method, arguments) if action is not None else None
            except RefusedError as error:
                if not returned.done():
                    returned.set_exception(error)
            else:
                if not returned.done():
                    returned.set_result(value)

        jail.put(call)
        return await returned

    def waiting(self) -> int:
        """Return about how many are still to be banned, released and so on."""
        return sum(len(jail.wishes) for jail in self._jails.values())

    async def settle(self) -> None:
        """Wait until nothing is left to be done."""
        await asyncio.gather(*(jail.idle.wait() for jail in self._jails.values()))

    async def close(self) -> None:
        """Undo everything, as the original does when it stops."""
        leaving = [self._leave(jail) for jail in self._jails.values()]
        self._jails.clear()
        if leaving:
            _, late = await asyncio.wait(leaving, timeout=LONGEST_END)
            for task in late:
                task.cancel()
            await asyncio.gather(*leaving, return_exceptions=True)

    # --------------------------------------------------------------------------------------- details

    def _leave(self, jail: _Jail) -> asyncio.Task[None]:
        """Have a jail end after what it is doing now; what waits is not done any more."""
        return asyncio.get_running_loop().create_task(self._end(jail))

    async def _end(self, jail: _Jail) -> None:
        undone = {subject for subject, (kind, _) in jail.wishes.items() if kind is _Kind.BAN}
        late = [event for kind, event in jail.wishes.values() if kind is _Kind.UNBAN]
        events = [*late, *(event for subject, event in jail.banned.items() if subject not in undone)]
        jail.wishes.clear()
        jail.put(partial(self._stop, jail, events))
        if jail.worker is not None:
            await jail.worker

    async def _stop(self, jail: _Jail, events: list[Event]) -> None:
        for action in reversed(jail.actions):
            await action.end(events)
        jail.is_over = True

    async def _work(self, jail: _Jail) -> None:
        while not jail.is_over:
            await jail.wake.wait()
            jail.idle.clear()
            jail.wake.clear()
            while (jail.jobs or jail.wishes) and not jail.is_over:
                if jail.jobs:
                    await jail.jobs.popleft()()
                else:
                    await self._each(jail, *jail.take())
            jail.idle.set()

    async def _each(self, jail: _Jail, kind: _Kind, events: Sequence[Event]) -> None:
        for action in list(jail.actions):
            match kind:
                case _Kind.BAN:
                    await action.ban_all(events)
                case _Kind.UNBAN:
                    await action.unban_all(events)
                case _Kind.PROLONG:
                    for event in events:
                        await action.prolong(event)
                case _:
                    assert_never(kind)

    async def _change(self, jail: _Jail, config: JailConfig, *, is_reload: bool, keeps: bool) -> None:
        """Have a jail run these actions, and no others; if it `keeps` them, those it has go on."""
        old = {action.script: action for action in jail.actions}
        for script, action in list(old.items()):
            if not keeps or script not in config.scripts:
                await action.end(list(jail.banned.values()))
                del old[script]
        jail.actions = [old.get(script) or self._action(config, script) for script in config.scripts]
        for action in jail.actions:
            if action.script in old:
                if is_reload:
                    await action.reload()
                continue
            await action.begin()
            old_bans = [event for subject, event in jail.banned.items() if subject not in jail.wishes]
            await action.ban_all([replace(event, is_restored=True) for event in old_bans])

    def _action(self, config: JailConfig, script: Script) -> _Action:
        about, archive = (config.name, config.bantime), self._archive
        if script.module:
            return ModuleAction(*about, script, self._root / script.module, self._tell, archive)
        rendering = Rendering(script, self._host)
        return JailAction(*about, rendering, self._tell, archive, self._is_after_crash)
