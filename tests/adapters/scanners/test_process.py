from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
from tests.adapters.scanners.play import (
    ADDRESS,
    EXPLODES,
    NOW,
    SESSION_REGEXES,
    SOON,
    TRAP,
    block,
    compiled,
    jail,
)

from banish.adapters.scanners.child import Work
from banish.adapters.scanners.confine import nobody
from banish.adapters.scanners.frames import Ready
from banish.adapters.scanners.history import Past
from banish.adapters.scanners.process import Job, ScannerProcess
from banish.adapters.scanners.progress import Progress
from banish.core.match import Scanner

PROGRAM = compiled(jail("all", ADDRESS), jail("session", *SESSION_REGEXES), jail("bad", EXPLODES))
JAILS = tuple(rules.jail.name for rules in PROGRAM)


@dataclass(slots=True)
class Diary:
    """An owner that writes down what it is told."""

    told: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def is_ready(self, walls: Ready) -> None:
        assert (os.geteuid() or nobody().user) == walls.user
        self.told.put_nowait("ready")

    def has_answered(self, scanner: ScannerProcess, job: Job) -> None:
        assert job not in scanner.jobs
        self.told.put_nowait(" ".join(["found", *(hit.subject for hit in job.findings.hits)]))

    def has_overrun(self, scanner: ScannerProcess) -> None:
        self.told.put_nowait(f"overrun {scanner.step()}")

    def is_lost(self, scanner: ScannerProcess, reason: str) -> None:
        assert not scanner.jobs
        self.told.put_nowait(f"lost: {reason}")

    async def next(self) -> str:
        return await asyncio.wait_for(self.told.get(), SOON)


def job(*texts: str, jails: tuple[str, ...] = ("all",)) -> Job:
    loop = asyncio.get_running_loop()
    return Job(Past(block(*texts), jails, NOW), range(len(texts)), loop.create_future(), loop.time())


def run(story: Callable[[ScannerProcess, Diary], Awaitable[None]], *, is_careful: bool = False) -> None:
    async def play() -> None:
        progress, diary = Progress(JAILS), Diary()
        make = partial(Scanner, PROGRAM, watch=progress.watch if is_careful else None)
        scanner = ScannerProcess(Work(make, JAILS, progress, nobody()), diary, is_careful=is_careful)
        try:
            assert "ready" == await diary.next()
            await story(scanner, diary)
        finally:
            scanner.bury()
        assert scanner.is_buried
        scanner.bury()

    asyncio.run(play())


def test_blocks_are_answered_in_order_two_of_one_source_at_a_time() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        assert scanner.takes("log")
        scanner.give(job("192.0.2.1"), ())
        assert (True, False) == (scanner.takes("log"), scanner.takes("other"))
        scanner.give(job("192.0.2.2"), ())
        assert (False, True) == (scanner.takes("log"), scanner.has("log"))
        assert ["found 192.0.2.1", "found 192.0.2.2"] == [await diary.next(), await diary.next()]
        assert (True, False) == (scanner.takes("other"), scanner.has("log"))
        scanner.is_outdated = True
        assert not scanner.takes("log")

    run(story)


def test_lines_that_were_missed_are_learned_first() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        missed = Past(block("c1 from 192.0.2.1"), ("session",), NOW)
        scanner.give(job("c1 failed", jails=("session",)), [missed])
        assert "found 192.0.2.1" == await diary.next()

    run(story)


def test_how_it_ended_is_told_once() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        os.kill(scanner.pid, signal.SIGKILL)
        assert "lost: killed by signal 9" == await diary.next()
        scanner.kill()
        assert diary.told.empty()

    run(story)


def test_who_was_ended_by_us_is_not_lost() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        scanner.kill()
        async with asyncio.timeout(SOON):
            while not scanner.is_buried:  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0.001)
        assert diary.told.empty()

    run(story)


@pytest.mark.slow
def test_one_that_takes_too_long_is_ended() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        scanner.give(job(TRAP, jails=("bad",)), ())
        assert "overrun None" == await diary.next()

    run(story)


@pytest.mark.slow
def test_a_careful_one_that_takes_too_long_says_where() -> None:
    async def story(scanner: ScannerProcess, diary: Diary) -> None:
        scanner.give(job("x", TRAP, jails=("all", "bad")), ())
        told = await diary.next()
        assert "task=1, line=1, expression=Expression(jail='bad', key='failregex', number=0)" in told

    run(story, is_careful=True)


def test_without_room_for_a_process_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr("banish.adapters.scanners.process.fork", full)

    async def play() -> None:
        with pytest.raises(BlockingIOError):
            ScannerProcess(
                Work(partial(Scanner, PROGRAM), JAILS, Progress(JAILS), nobody()), Diary(), is_careful=False
            )

    asyncio.run(play())
