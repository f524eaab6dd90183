"""Carry out what the engine says: the one place where effects become actions.

Events are handled one after the other, each to its end. Only so many lines are read as may be on their way
through the matcher at once (`traffic`); that wait is the back-pressure, so there is no queue that could grow.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never
from weakref import WeakValueDictionary

from banish.core.config import Scope
from banish.core.engine import Engine
from banish.core.errors import EnforceError
from banish.core.model import (
    NEVER,
    Answered,
    Ask,
    BanAsked,
    Block,
    Cursor,
    Effect,
    Event,
    ExemptAsked,
    Failed,
    Found,
    Hit,
    Instant,
    Lines,
    LookAround,
    Note,
    Place,
    Question,
    Release,
    ReleaseAsked,
    Replace,
    Save,
    Tick,
    Topic,
    WakeAt,
)
from banish.daemon.keeper import Keeper
from banish.daemon.ports import Firewall, Log, Matcher, Oracle, Scripts, Source
from banish.daemon.traffic import Traffic

AT_A_TIME: Final = 128  # failures counted before others get their turn: some 1 ms
SAVED_WITHIN: Final = 0.25  # seconds; until then a flood of bans has more urgent things to be done
LONGEST_NAP: Final = 3600.0  # seconds; a timer far ahead is set anew, so that a changed clock is noticed


@dataclass(frozen=True, slots=True)
class World:
    """All that is outside: the ports the loop acts through, and the clock."""

    matcher: Matcher
    firewall: Firewall
    keeper: Keeper
    oracle: Oracle
    log: Log
    clock: Callable[[], Instant]
    scripts: Scripts


@dataclass(frozen=True, slots=True)
class Plan:
    """Which jails read a source (by its name), and what the bans of each jail cut."""

    jails_of: Callable[[str], Sequence[str]]
    fences: Mapping[str, Sequence[Scope]]


class Loop:
    """The engine and the world, tied together."""

    def __init__(self, engine: Engine, plan: Plan, world: World) -> None:
        self.engine = engine
        self.world = world
        self._plan = plan
        self._questions: dict[Question, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by source
        self.idle: set[str] = set()  # jails for which lines are not judged
        self.trouble = ""  # why the last change was not enforced, if it was not

    def follow(self, plan: Plan, matcher: Matcher) -> None:
        """Go by another plan from the next event on, and match with this; nothing is being read meanwhile."""
        self._plan = plan
        self.world = replace(self.world, matcher=matcher)

    # ------------------------------------------------------------------------------------------ input

    async def read(self, source: Source) -> None:
        """Feed everything a source yields until cancelled or the source ends.

        Blocks of several logs are on their way at the same time, and a few of each; those of one log are
        dealt with in their order.
        """
        traffic = Traffic(source)
        async with asyncio.TaskGroup() as tasks:
            async for lines in source.blocks():
                traffic.enter(lines)
                tasks.create_task(self._pass(lines, traffic))
                await traffic.room()

    async def _pass(self, lines: Lines, traffic: Traffic) -> None:
        try:
            await self.feed(lines)
        finally:
            traffic.leave(lines)

    async def feed(self, lines: Lines) -> None:
        """Deal with a block of lines; returns when its bans are in force and its failures are counted."""
        jails = [jail for jail in self._plan.jails_of(lines.source) if jail not in self.idle]
        findings = await self.world.matcher.scan(lines, jails, self.world.clock())
        turn = self._turns.setdefault(lines.source, asyncio.Lock())
        async with turn:  # blocks of a source are counted in their order
            if findings.notes:
                self.world.log.note(*findings.notes)
            await self._count(findings.hits, lines.cursor)
        looking = self._questions.get(LookAround())
        if looking is not None:
            await asyncio.shield(looking)

    async def _count(self, hits: Sequence[Hit], cursor: Cursor | None) -> None:
        """Count failures, a few at a time: whoever attacks elsewhere meanwhile is not kept waiting.

        If that is cancelled all are counted at once: a block is counted as a whole, with its cursor, or not.
        """
        first = 0
        try:
            while len(hits) - first > AT_A_TIME:
                some = tuple(hits[first : first + AT_A_TIME])
                first += AT_A_TIME
                self.handle(Found(some))
                await asyncio.sleep(0)
        finally:
            self.handle(Found(tuple(hits[first:]), cursor))

    def handle(self, event: Event) -> list[Effect]:
        """Hand an event to the engine and carry out what it says; returns that for whoever wants to know."""
        effects = self.engine.handle(event, self.world.clock())
        self.perform(effects)
        if isinstance(event, BanAsked | ReleaseAsked | ExemptAsked):
            self.world.keeper.written(self.world.clock())  # what somebody is told is true
        return effects

    async def settle(self) -> None:
        """Wait until no question is open; to give up waiting leaves the questions as they are."""
        while self._questions:
            await asyncio.wait(self._questions.values())

    async def watch(self) -> None:
        """Have everything enforced anew whenever somebody else changes what we enforce."""
        while True:
            await self.world.firewall.lost()
            self.handle(Failed("the firewall was changed from outside"))

    # ----------------------------------------------------------------------------------------- output

    def perform(self, effects: Sequence[Effect]) -> None:
        """Carry out effects in their order: protect, remember, ask, tell.

        What the firewall refused is told to the engine when the rest is done, so that nothing older
        is carried out after what the engine says to that.
        """
        failed: Failed | None = None
        notes: list[Note] = []  # they are the last of all, and in an attack the most
        for effect in effects:
            match effect:
                case Note():
                    notes.append(effect)
                case Block() | Release() | Replace():
                    failed = self._enforce(effect) or failed
                case Save():
                    self._save(effect)
                    self.world.scripts.ban(effect.bans)
                    self.world.scripts.prolong(effect.extended)
                case Ask():
                    self._ask(effect.question)
                case WakeAt():
                    self._wake_at(effect.at)
                case _:
                    assert_never(effect)
        if notes:
            self._tell(notes)
        if failed is not None:
            self.handle(failed)

    def _enforce(self, change: Block | Release | Replace) -> Failed | None:
        firewall, now = self.world.firewall, self.world.clock()
        try:
            match change:
                case Block():
                    firewall.apply(change.bans, (), now)
                case Release():
                    firewall.apply((), change.places, now)
                case Replace():
                    firewall.replace(self._plan.fences, change.bans, now)
                case _:
                    assert_never(change)
        except EnforceError as error:
            self.trouble = str(error)
            return Failed(self.trouble)
        self.trouble = ""
        return None

    def _save(self, wish: Save) -> None:
        """Have a wish saved soon: protecting comes first, and many bans are saved sooner than each."""
        self.world.keeper.add(wish)
        if self._saving is None:
            self._saving = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """Save what waits, a little at a time: in between others have their turn, and the disk."""
        loop, pause = asyncio.get_running_loop(), SAVED_WITHIN
        try:
            while True:
                await asyncio.sleep(pause)
                begun = loop.time()
                is_done = self.world.keeper.write(self.world.clock())
                pause = loop.time() - begun
                has_settled = await self.world.keeper.settle()
                if not is_done:
                    gc.freeze()  # what a flood leaves is no garbage, and a look through it takes up to 40 ms
                elif not has_settled:
                    return
        finally:
            self._saving = None

    def _tell(self, notes: Sequence[Note]) -> None:
        self.world.log.note(*notes)
        for note in notes:
            if note.topic is Topic.UNBANNED and note.subject is not None:
                self.world.scripts.unban([Place(note.jail, note.subject)])

    def _ask(self, question: Question) -> None:
        if question not in self._questions:
            self._questions[question] = asyncio.get_running_loop().create_task(self._answer(question))

    async def _answer(self, question: Question) -> None:
        try:
            answer = await self.world.oracle.answer(question)
        finally:
            del self._questions[question]
        self.handle(Answered(question, answer))

    def _wake_at(self, at: Instant) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at != NEVER:
            pause = min(max(0.0, at - self.world.clock()), LONGEST_NAP)
            self._timer = asyncio.get_running_loop().call_later(pause, self._wake, at)

    def _wake(self, at: Instant) -> None:
        if self.world.clock() < at:  # the nap was too long for one timer, or the clock was set back
            self._wake_at(at)
        else:
            self.handle(Tick())
            self.world.keeper.write(self.world.clock())

    async def close(self) -> None:
        """Stop asking and waking; what is enforced stays as it is, and what waits to be saved is saved."""
        self._wake_at(NEVER)
        tasks = [task for task in (*self._questions.values(), self._saving) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._questions.clear()
        self.world.keeper.flush(self.world.clock())
