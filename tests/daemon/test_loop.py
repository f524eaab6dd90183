"""The loop with a whole small world around it: a firewall and a store in memory, and a clock that we wind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

import pytest

from banish.adapters.firewalls.memory import Memory
from banish.adapters.scanners.local import LocalMatcher
from banish.adapters.scripts.none import NoScripts
from banish.adapters.store.memory import MemoryStore
from banish.core.config import Config, JailConfig, Rule, Scope, UseDns
from banish.core.engine import REFRESH, Engine
from banish.core.errors import EnforceError, StoreError
from banish.core.match import Scanner
from banish.core.model import (
    Answer,
    Ban,
    BanAsked,
    Cursor,
    Instant,
    Lines,
    LookAround,
    Note,
    OwnAddresses,
    Place,
    Question,
    ReleaseAsked,
    Resolve,
    Resolved,
    Save,
    Seconds,
    Subject,
    Surroundings,
    Topic,
)
from banish.core.rules import Calendar, compile_config
from banish.daemon import keeper, loop
from banish.daemon.keeper import Keeper
from banish.daemon.loop import Loop, Plan, World
from banish.daemon.ports import Store

ANNA, BERT = Subject("192.0.2.1"), Subject("192.0.2.2")
REGEX = r"(?P<ip4>\d+\.\d+\.\d+\.\d+)|name=(?P<dns>\S+)"
SSHD = JailConfig(
    "sshd",
    failregex=(Rule(REGEX, REGEX),),
    datepatterns=("{NONE}",),
    usedns=UseDns.YES,
    maxretry=2,
    bantime=Seconds(600),
    scopes=(Scope(),),
)
PATIENCE = 3  # seconds after which a test that waits has failed


class Wall(Memory):
    """A firewall in memory that can be told to refuse, and remembers in which order it was asked."""

    def __init__(self, story: list[str]) -> None:
        super().__init__()
        self.refusals = 0
        self._story = story

    def replace(
        self, fences: Mapping[str, Sequence[Scope]], bans: Iterable[tuple[Place, Instant]], now: Instant
    ) -> None:
        self._refuse("replace")
        super().replace(fences, bans, now)

    def apply(self, blocks: Iterable[tuple[Place, Instant]], releases: Iterable[Place], now: Instant) -> None:
        self._refuse("apply")
        super().apply(blocks, releases, now)

    def _refuse(self, what: str) -> None:
        self._story.append(what)
        if self.refusals:
            self.refusals -= 1
            raise EnforceError("no such set")


class Disk(MemoryStore):
    """A store in memory that can be full."""

    def __init__(self, story: list[str]) -> None:
        super().__init__(Instant(0))
        self.is_full = False
        self.has_cursor = asyncio.Event()
        self.saved: list[Save] = []
        self.is_slow = False
        self.is_waited_for, self.may_go_on = threading.Event(), threading.Event()
        self._story = story

    def save(self, wish: Save, now: Instant) -> Callable[[], None] | None:
        self._story.append("save")
        if self.is_full:
            raise StoreError("no space left")
        super().save(wish, now)
        self.saved.append(wish)
        if wish.cursors:
            self.has_cursor.set()
        return self._wait if self.is_slow else None

    def _wait(self) -> None:
        self.is_waited_for.set()
        assert self.may_go_on.wait(PATIENCE)


class Scripted(NoScripts):
    """Where actions are run: it tells what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ban(self, bans: Iterable[Ban]) -> None:
        self.heard += [f"ban {ban.subject}" for ban in bans]

    def unban(self, places: Iterable[Place]) -> None:
        self.heard += [f"unban {place.subject}" for place in places]

    def prolong(self, places: Iterable[tuple[Place, Instant]]) -> None:
        self.heard += [f"prolong {place.subject}" for place, _ in places]


class Log:
    """A log that keeps its notes."""

    def __init__(self, story: list[str]) -> None:
        self.notes: list[Note] = []
        self._story = story

    def note(self, *notes: Note) -> None:
        self.notes += notes
        self._story += [note.topic.value for note in notes]

    def texts(self, topic: Topic) -> list[str]:
        return [note.text for note in self.notes if note.topic is topic]


class Seer:
    """An oracle that answers from a table, and only while it is let."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.reasons: dict[Subject, str] = {}
        self.addresses: dict[str, tuple[Subject, ...]] = {}

    async def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        self.is_asked.set()
        await self.may_answer.wait()
        match question:
            case LookAround():
                return Surroundings(self.reasons)
            case Resolve():
                return Resolved(self.addresses.get(question.name, ()))
            case _:
                return Resolved(())


class House:
    """A loop, everything around it, and the time."""

    def __init__(self, *jails: JailConfig) -> None:
        self.now = Instant(1000)
        self.story: list[str] = []
        self.wall, self.disk = Wall(self.story), Disk(self.story)
        self.log, self.seer, self.scripts = Log(self.story), Seer(), Scripted()
        program, problems = compile_config(Config(jails), Calendar(UTC, 2026))
        assert () == problems
        readers = {source: [jail.name for jail in jails] for source in ("log", "flood")}
        fences = {jail.name: jail.scopes for jail in jails}
        plan = Plan(lambda source: readers.get(source, ()), fences)
        world = World(
            LocalMatcher(Scanner(program)),
            self.wall,
            Keeper(self.disk, self.log),
            self.seer,
            self.log,
            lambda: self.now,
            self.scripts,
        )
        self.loop = Loop(Engine(lambda: 0.0), plan, world)
        self.loop.perform(self.loop.engine.adopt(program, self.now))

    def lines(self, *texts: str, position: int = 1, source: str = "log") -> Lines:
        block = "".join(text + "\n" for text in texts).encode()
        return Lines(source, block, Cursor(source, str(position)), live=True)

    async def says(self, *texts: str) -> None:
        await asyncio.wait_for(self.loop.feed(self.lines(*texts)), PATIENCE)

    async def waits_for_its_disk(self, *texts: str) -> None:
        """Write lines, and wait until what came of them is on its way to a disk that is slow from now on."""
        self.disk.is_slow = True
        await self.says(*texts)
        assert await asyncio.to_thread(self.disk.is_waited_for.wait, PATIENCE)

    @property
    def saved(self) -> Store:
        return self.loop.world.keeper.written(self.now)

    @property
    def banned(self) -> dict[str, float]:
        return {place.subject: until for place, until in self.wall.bans(self.now)}

    async def passes(self, seconds: float) -> None:
        """Let time pass, and the timer ring if it was set for that; the real one is not waited for."""
        self.now = Instant(self.now + seconds)
        timer = self.loop._timer
        assert timer is not None
        self.loop._wake(*timer._args)
        await asyncio.sleep(0)


Story = Callable[[House], Awaitable[None]]


def run(story: Story, *jails: JailConfig) -> House:
    """Play a story in a new house, and close it."""

    async def play() -> House:
        house = House(*(jails or (SSHD,)))
        await story(house)
        await house.loop.close()
        return house

    return asyncio.run(play())


# ------------------------------------------------------------------------------------------------- input


def test_lines_become_bans_before_feeding_returns() -> None:
    async def story(house: House) -> None:
        await house.says("192.0.2.1", "x", "192.0.2.1")
        assert {ANNA: 1600} == house.banned
        assert {"log": Cursor("log", "1")} == house.saved.cursors()

    run(story)


def test_bans_are_enforced_and_told_and_then_remembered() -> None:
    async def story(house: House) -> None:
        house.story.clear()
        await house.says("192.0.2.1", "192.0.2.1")

    assert ["found", "found", "apply", "banned", "save"] == run(story).story


def test_many_bans_are_remembered_a_few_at_a_time_and_last_how_far_the_log_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "SAVED_WITHIN", 0)
    monkeypatch.setattr(keeper, "AT_A_TIME", 2)

    async def story(house: House) -> None:
        await house.says(*(f"192.0.2.{number}" for number in range(5) for _ in range(2)))
        await asyncio.wait_for(house.disk.has_cursor.wait(), PATIENCE)
        assert [(2, 0), (2, 0), (1, 1)] == [(len(wish.bans), len(wish.cursors)) for wish in house.disk.saved]

    run(story)


def test_a_slow_disk_keeps_nobody_waiting_who_is_to_be_banned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SAVED_WITHIN", 0)

    async def story(house: House) -> None:
        await house.waits_for_its_disk("192.0.2.1", "192.0.2.1")
        saved = len(house.disk.saved)
        await house.says("192.0.2.2", "192.0.2.2")
        await house.passes(1)
        assert {ANNA, BERT} == house.banned.keys()
        assert saved == len(house.disk.saved)
        house.disk.has_cursor.clear()
        house.disk.is_slow = False
        house.disk.may_go_on.set()
        await asyncio.wait_for(house.disk.has_cursor.wait(), PATIENCE)
        assert [ANNA, BERT] == [ban.subject for ban in house.disk.bans(house.now)]

    run(story)


def test_who_stops_while_the_disk_is_slow_has_all_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "SAVED_WITHIN", 0)

    async def story(house: House) -> None:
        await house.waits_for_its_disk("192.0.2.1", "192.0.2.1")
        await house.says("192.0.2.2", "192.0.2.2")
        await house.loop.close()
        assert [ANNA, BERT] == [ban.subject for ban in house.disk.bans(house.now)]
        house.disk.may_go_on.set()

    run(story)


def test_what_a_person_wants_is_remembered_before_he_is_told() -> None:
    async def story(house: House) -> None:
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        assert [ANNA] == [ban.subject for ban in house.disk.bans(house.now)]

    run(story)


def test_actions_hear_of_bans_of_releases_and_of_the_end_of_bans() -> None:
    async def story(house: House) -> None:
        await house.says("192.0.2.1", "192.0.2.1")
        house.loop.handle(BanAsked("sshd", (ANNA, BERT), Seconds(7200)))
        house.loop.handle(ReleaseAsked((ANNA,)))
        await house.passes(7200)
        told = [f"ban {ANNA}", f"ban {BERT}", f"prolong {ANNA}", f"unban {ANNA}", f"unban {BERT}"]
        assert told == house.scripts.heard

    run(story)


def test_who_attacks_elsewhere_is_not_kept_waiting_by_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "AT_A_TIME", 2)

    async def story(house: House) -> None:
        flood = [f"198.51.100.{number}" for number in range(40)]
        feeds = [
            house.loop.feed(house.lines(*flood, source="flood")),
            house.loop.feed(house.lines(flood[-1], position=2, source="flood")),
            house.loop.feed(house.lines(ANNA, ANNA)),
        ]
        first, second, other = map(asyncio.create_task, feeds)
        await asyncio.wait_for(other, PATIENCE)
        assert [ANNA] == list(house.banned)
        assert not first.done()
        assert not second.done()
        await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)
        assert {flood[-1], ANNA} == house.banned.keys()
        await house.passes(1)
        assert "2" == house.saved.cursors()["flood"].position

    run(story)


def test_a_block_is_counted_as_a_whole_whoever_loses_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "AT_A_TIME", 2)

    async def story(house: House) -> None:
        feeding = asyncio.create_task(house.loop.feed(house.lines(*[str(ANNA)] * 40)))
        await asyncio.sleep(0)
        assert 2 == house.loop.engine.status()[0].failures
        feeding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await feeding
        assert 40 == house.loop.engine.status()[0].failures
        await asyncio.wait_for(house.loop.settle(), PATIENCE)
        await house.passes(1)
        assert "1" == house.saved.cursors()["log"].position

    run(story)


def test_feeding_waits_for_the_look_around_and_other_events_do_not() -> None:
    async def story(house: House) -> None:
        house.seer.may_answer.clear()
        feeding = asyncio.create_task(house.says("192.0.2.1", "192.0.2.1"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        house.loop.handle(BanAsked("sshd", (BERT,)))
        assert {BERT: 1600} == house.banned
        assert {} == house.saved.cursors()
        assert not feeding.done()
        house.seer.may_answer.set()
        await asyncio.wait_for(feeding, PATIENCE)
        assert {ANNA: 1600, BERT: 1600} == house.banned
        assert 1 == house.seer.asked.count(LookAround())

    run(story)


def test_the_seen_stay_in() -> None:
    async def story(house: House) -> None:
        house.seer.reasons[ANNA] = "logged in"
        await house.says("192.0.2.1", "192.0.2.1")
        assert {} == house.banned

    assert ["logged in"] == run(story).log.texts(Topic.SPARED)


def test_a_feeder_that_gives_up_leaves_the_question_to_the_others() -> None:
    async def story(house: House) -> None:
        house.seer.may_answer.clear()
        feeding = asyncio.create_task(house.says("192.0.2.1", "192.0.2.1"))
        await asyncio.sleep(0)
        feeding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await feeding
        house.seer.may_answer.set()
        await asyncio.wait_for(house.loop.settle(), PATIENCE)
        assert {ANNA: 1600} == house.banned

    run(story)


class Two:
    """A source of two logs, one of them with a block more than may be on their way, that keeps a diary."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._may_go_on, self.waits = asyncio.Event(), asyncio.Event()
        self.story: list[str] = []

    async def blocks(self) -> AsyncIterator[Lines]:
        yield self._house.lines("192.0.2.1", "192.0.2.1", position=1)
        yield self._house.lines("192.0.2.2", position=2)
        yield self._house.lines("192.0.2.2", source="other")
        self.story.append(f"banned {len(self._house.banned)}")
        self.waits.set()
        await self._may_go_on.wait()
        self.story.append(f"banned {len(self._house.banned)}")
        yield self._house.lines("192.0.2.2", position=3)

    def pause(self, name: str) -> None:
        self.story.append(f"pause {name}")

    def resume(self, name: str) -> None:
        self.story.append(f"resume {name}")
        self._may_go_on.set()

    def close(self) -> None:
        raise AssertionError


def test_blocks_of_one_log_are_dealt_with_in_order_and_only_a_few_are_on_their_way() -> None:
    async def story(house: House) -> None:
        house.seer.may_answer.clear()
        source = Two(house)
        reading = asyncio.create_task(house.loop.read(source))
        await asyncio.wait_for(house.seer.is_asked.wait(), PATIENCE)
        await asyncio.wait_for(source.waits.wait(), PATIENCE)
        assert ["pause log", "banned 0"] == source.story
        house.seer.may_answer.set()
        await asyncio.wait_for(reading, PATIENCE)
        assert ["pause log", "banned 0", "resume log", "banned 1"] == source.story
        assert {"log": "3", "other": "1"} == {
            name: cursor.position for name, cursor in house.saved.cursors().items()
        }

    run(story)


def test_what_the_scanner_finds_odd_is_told() -> None:
    async def story(house: House) -> None:
        await house.says("1999-01-01 00:00:00 x")

    house = run(story, replace(SSHD, datepatterns=("%Y-%m-%d %H:%M:%S",)))
    (warning,) = house.log.texts(Topic.TROUBLE)
    assert "it counts as now" in warning


# --------------------------------------------------------------------------------------------- questions


def test_names_are_resolved_while_reading_goes_on() -> None:
    async def story(house: House) -> None:
        house.seer.addresses["a.example"] = (ANNA,)
        house.seer.may_answer.clear()
        await house.says("name=a.example", "name=a.example")
        assert {} == house.banned
        house.seer.may_answer.set()
        await asyncio.wait_for(house.loop.settle(), PATIENCE)
        assert {ANNA: 1600} == house.banned
        assert 1 == house.seer.asked.count(Resolve("a.example"))

    run(story)


def test_a_question_that_is_open_is_not_asked_twice() -> None:
    async def story(house: House) -> None:
        house.seer.may_answer.clear()
        await house.says("name=a.example")
        await house.says("name=a.example")
        house.seer.may_answer.set()
        await asyncio.wait_for(house.loop.settle(), PATIENCE)

    house = run(story, replace(SSHD, ignoreip=("a.example",)))
    assert [OwnAddresses(), Resolve("a.example")] == house.seer.asked


def test_waiting_may_be_given_up_without_losing_a_question() -> None:
    async def story(house: House) -> None:
        house.seer.may_answer.clear()
        feeding = asyncio.create_task(house.says("192.0.2.1", "192.0.2.1"))
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(house.loop.settle(), 0)
        house.seer.may_answer.set()
        await asyncio.wait_for(feeding, PATIENCE)
        assert {ANNA: 1600} == house.banned

    run(story)


# --------------------------------------------------------------------------------------------- firewall


def test_a_refused_ban_is_enforced_with_everything_else_at_once() -> None:
    async def story(house: House) -> None:
        house.wall.refusals = 1
        house.story.clear()
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        assert ["apply", "banned", "replace", "trouble", "save"] == house.story
        assert {ANNA: 1600} == house.banned
        assert "" == house.loop.trouble

    run(story)


def test_lasting_trouble_is_tried_again_when_the_pause_is_over() -> None:
    async def story(house: House) -> None:
        house.wall.refusals = 2
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        assert "no such set" == house.loop.trouble
        assert {} == house.banned
        assert [ANNA] == [ban.subject for ban in house.saved.bans(house.now)]
        assert 0.5 < _pause(house) <= 1
        await house.passes(1)
        assert {ANNA: 1600} == house.banned
        assert "" == house.loop.trouble

    run(story)


def _pause(house: House) -> float:
    timer = house.loop._timer
    assert timer is not None
    return timer.when() - asyncio.get_running_loop().time()


def test_a_refused_release_lets_in_all_the_same() -> None:
    async def story(house: House) -> None:
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        house.wall.refusals = 1
        house.loop.handle(ReleaseAsked((ANNA,)))
        assert {} == house.banned

    run(story)


def test_what_somebody_else_changed_is_enforced_anew() -> None:
    async def story(house: House) -> None:
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        watching = asyncio.create_task(house.loop.watch())
        await asyncio.sleep(0)
        house.wall.flush()
        assert {} == house.banned
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert {ANNA: 1600} == house.banned
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching

    trouble = run(story).log.texts(Topic.TROUBLE)
    assert ["the firewall was changed from outside; everything is enforced anew"] == trouble


# -------------------------------------------------------------------------------------------------- store


def test_a_full_disk_stops_no_ban_and_loses_none() -> None:
    async def story(house: House) -> None:
        house.disk.is_full = True
        house.loop.handle(BanAsked("sshd", (ANNA,)))
        assert {ANNA: 1600} == house.banned
        assert house.loop.world.keeper.is_behind
        house.disk.is_full = False
        await house.passes(5)
        assert not house.loop.world.keeper.is_behind
        assert [ANNA] == [ban.subject for ban in house.saved.bans(house.now)]

    run(story)


# ------------------------------------------------------------------------------------------------- timers


def test_the_engine_is_woken_when_it_wants_to_be() -> None:
    async def story(house: House) -> None:
        house.loop.handle(BanAsked("sshd", (ANNA,), Seconds(3)))
        assert 2 < _pause(house) <= 3
        await house.passes(3)
        assert ["time is over"] == house.log.texts(Topic.UNBANNED)

    run(story)


def test_a_real_timer_rings() -> None:
    async def story(house: House) -> None:
        await house.loop.settle()
        house.seer.is_asked.clear()
        house.now = Instant(house.now + REFRESH)
        house.loop._wake_at(house.now)
        await asyncio.wait_for(house.seer.is_asked.wait(), PATIENCE)

    run(story)


def test_a_new_wish_to_be_woken_replaces_the_one_before() -> None:
    async def story(house: House) -> None:
        before = house.loop._timer
        house.loop._wake_at(Instant(house.now + 1))
        assert before is not None
        assert before.cancelled()

    run(story)


def test_a_timer_that_rings_early_is_set_again() -> None:
    async def story(house: House) -> None:
        asked = len(house.story)
        await house.passes(-100)
        assert 100 < _pause(house) <= 105
        assert asked == len(house.story)

    run(story)


def test_no_nap_is_longer_than_an_hour() -> None:
    async def story(house: House) -> None:
        house.loop._wake_at(Instant(house.now + 1e9))
        assert 3599 < _pause(house) <= 3600

    run(story)


# ---------------------------------------------------------------------------------------------------- end


def test_closing_asks_and_wakes_no_more_and_leaves_what_is_enforced() -> None:
    async def story(house: House) -> None:
        house.loop.handle(BanAsked("sshd", (BERT,)))
        house.seer.may_answer.clear()
        feeding = asyncio.create_task(house.says("192.0.2.1", "192.0.2.1"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await house.loop.close()
        with pytest.raises(asyncio.CancelledError):
            await feeding
        assert house.loop._timer is None
        assert {} == house.loop._questions
        assert {BERT: 1600} == house.banned
        assert {} == house.saved.cursors()

    run(story)
