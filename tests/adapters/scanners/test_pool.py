"""Real scanners: killed, stuck, lying, too many and too few."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from tests.adapters.scanners.play import (
    ADDRESS,
    EXPLODES,
    NOW,
    SESSION_REGEXES,
    SOON,
    TRAP,
    Pool,
    block,
    compiled,
    jail,
    run,
    subjects,
)

from banish.adapters.scanners import child, pool
from banish.adapters.scanners.child import Scans
from banish.adapters.scanners.confine import StillPrivilegedError
from banish.adapters.scanners.frames import Part, Refused, WireHit, WireNote, pack_answer
from banish.core.errors import RefusedError
from banish.core.expression import Expression, Watch
from banish.core.match import Findings, Scanner
from banish.core.model import Instant, Lines

ALL = jail("all", ADDRESS)
DIES = "die"


@dataclass(slots=True)
class Odd:
    """Scans as usual, but does what a line tells it to."""

    scanner: Scans
    watch: Watch | None

    def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        if DIES.encode() in lines.block:
            if self.watch:
                self.watch(0, Expression("all", "failregex", 0))
            os._exit(3)
        return self.scanner.scan(lines, jails, now)


def odd(skip: frozenset[Expression], watch: Watch | None) -> Scans:
    if Expression("all", "failregex", 0) in skip:
        return Scanner(compiled(ALL), skip=skip)
    return Odd(Scanner(compiled(ALL), skip=skip, watch=watch), watch)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nobody tells."""
    async with asyncio.timeout(SOON):
        while not condition():  # noqa: ASYNC110 - kernels and timers set no events
            await asyncio.sleep(0.001)


def _has_told(house: Pool, count: int) -> bool:
    return len(house.told) >= count


# ---------------------------------------------------------------------------------------------- losses


def test_a_scanner_that_is_killed_in_mid_block_loses_nothing_and_counts_nothing_twice() -> None:
    async def story() -> None:
        program = compiled(ALL)
        texts = [f"x 192.0.{number // 250}.{number % 250}" for number in range(30_000)]
        async with Pool(program, most=1) as house:
            scanning = asyncio.create_task(house.scan(block(*texts)))
            for killed in range(1, 4):
                await until(lambda: bool(house.pool._scanners and house.pool._scanners[0].jobs))
                os.kill(house.pool.processes()[0], signal.SIGKILL)
                await until(partial(_has_told, house, killed))
            found = await scanning
            assert Scanner(program).scan(block(*texts), ["all"], NOW).hits == found.hits
            assert list(range(30_000)) == [hit.line for hit in found.hits]
            assert 3 == len(house.told)
            assert all("killed by signal 9; its work is done again" in text for text in house.told)

    run(story)


def test_the_next_scanner_knows_what_the_killed_one_knew() -> None:
    async def story() -> None:
        async with Pool(compiled(jail("session", *SESSION_REGEXES))) as house:
            assert [] == (await house.scan(block("c1 from 192.0.2.1"))).hits
            (before,) = house.pool.processes()
            os.kill(before, signal.SIGKILL)
            assert ["192.0.2.1"] == subjects(await house.scan(block("c1 failed")))
            assert [before] != list(house.pool.processes())

    run(story)


def test_an_idle_scanner_that_is_killed_is_replaced_though_not_at_once_if_it_never_did_anything() -> None:
    async def story() -> None:
        async with Pool(compiled(ALL)) as house:
            (before,) = house.pool.processes()
            os.kill(before, signal.SIGKILL)
            await until(lambda: house.pool.processes() not in {(), (before,)})
            assert ["scanner", "again"] == [house.told[0].split()[0], house.told[0].split()[-4]]
            assert "tried again in 0.1 s" in house.told[0]
            assert ["192.0.2.1"] == subjects(await house.scan(block("192.0.2.1")))

    run(story)


def test_what_two_careful_scanners_died_of_is_left_out() -> None:
    async def story() -> None:
        async with Pool(compiled(ALL), make=odd) as house:
            assert [] == (await house.scan(block(DIES, "192.0.2.1"))).hits
            (report,) = house.pool.left_out()
            assert "/etc/x.conf:7 [all] failregex 1: ended two scanners" in report
            assert "ended with status 3; its work is done again" in house.told[0]
            assert 4 == len(house.told)

    run(story)


def test_a_block_that_no_scanner_survives_is_passed_over_and_the_next_ones_are_not() -> None:
    def make(_: frozenset[Expression], __: Watch | None) -> Scans:
        return Odd(Scanner(compiled(ALL)), None)

    async def story() -> None:
        async with Pool(compiled(ALL), make=make) as house:
            found = await asyncio.gather(house.scan(block(DIES, "192.0.2.1")), house.scan(block("192.0.2.2")))
            assert [[], ["192.0.2.2"]] == [subjects(each) for each in found]
            assert "log: 2 lines cost 4 scanners and are passed over" == house.told[-1]

    run(story)


# ------------------------------------------------------------------------------------------ stuck ones


@pytest.mark.slow
def test_an_expression_that_explodes_is_left_out_and_everything_else_comes_through() -> None:
    async def story() -> None:
        program = compiled(jail("bad", EXPLODES, rf"^plain {ADDRESS}"), ALL)
        async with Pool(program) as house:
            begun = time.monotonic()
            trapped = asyncio.create_task(
                house.scan(block("plain 192.0.2.1", TRAP, "aab 192.0.2.2", "plain 192.0.2.3"))
            )
            other = await house.scan(block("plain 192.0.2.4", source="other"))
            assert ["192.0.2.4", "192.0.2.4"] == subjects(other)
            assert time.monotonic() - begun < 0.5
            found = await trapped
            assert time.monotonic() - begun < 3  # usually 0.7; the machine may be busy
            assert ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.3"] == subjects(found)
            assert ["bad", "all", "all", "bad", "all"] == [hit.jail for hit in found.hits]
            (report,) = house.pool.left_out()
            assert [report] == house.told
            assert report.startswith("/etc/x.conf:7 [bad] failregex 1: took too long, and it is left out")
            assert TRAP in report
            assert [] == [
                hit.jail for hit in (await house.scan(block("aab 192.0.2.2"))).hits if hit.jail == "bad"
            ]

    run(story)


@pytest.mark.slow
def test_several_explosions_in_one_block_are_found_one_after_the_other() -> None:
    async def story() -> None:
        program = compiled(jail("bad", EXPLODES), jail("worse", EXPLODES), ALL)
        async with Pool(program) as house:
            assert ["192.0.2.1"] == subjects(await house.scan(block(TRAP, "192.0.2.1")))
            assert ["[bad]", "[worse]"] == [report.split()[1] for report in house.pool.left_out()]

    run(story)


@pytest.mark.slow
def test_a_scanner_that_waits_for_something_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.adapters.scanners.watchdog._BLOCK", 0.01)

    class Waits(Odd):
        def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
            if self.watch is None:
                os.read(_own_descriptor(), 1)
            return self.scanner.scan(lines, jails, now)

    def make(_: frozenset[Expression], watch: Watch | None) -> Scans:
        return Waits(Scanner(compiled(ALL), watch=watch), watch)

    async def story() -> None:
        async with Pool(compiled(ALL), make=make) as house:
            assert ["192.0.2.1"] == subjects(await house.scan(block("192.0.2.1")))
            assert ([], ()) == (house.told, house.pool.left_out())

    run(story)


# -------------------------------------------------------------------------------------------- liars


LIES = [
    pytest.param(b"\xff\xff\xff\xff", "bytes", id="too long"),
    pytest.param(b"\x01\0\0\0\xc1", "not an answer", id="no message"),
    pytest.param(pack_answer(Part(2, True, [], [])), "not asked", id="wrong number"),  # noqa: FBT003
    pytest.param(
        pack_answer(Part(1, True, [WireHit(1, "x", 0.0, 0, (), {}, False, 0)], [])),  # noqa: FBT003
        "not asked for",
        id="wrong jail",
    ),
    pytest.param(
        pack_answer(Part(1, True, [WireHit(0, "x", 0.0, 0, (), {}, False, 1)], [])),  # noqa: FBT003
        "not asked for",
        id="wrong line",
    ),
    pytest.param(
        pack_answer(Part(1, True, [], [WireNote("other", 0.0, "x")])),  # noqa: FBT003
        "not asked for",
        id="wrong note",
    ),
    pytest.param(pack_answer(Refused("I am tired")), "I am tired", id="no wish"),
]


@pytest.mark.parametrize(("lie", "word"), LIES)
def test_a_scanner_that_lies_is_killed_and_its_block_scanned_by_another(lie: bytes, word: str) -> None:
    class Liar(Odd):
        def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
            if self.watch is None and lines.source == "log":
                os.write(_own_descriptor(), lie)
                while True:
                    pass
            return self.scanner.scan(lines, jails, now)

    def make(_: frozenset[Expression], watch: Watch | None) -> Scans:
        return Liar(Scanner(compiled(ALL, replace(ALL, name="other")), watch=watch), watch)

    async def story() -> None:
        async with Pool(compiled(ALL, replace(ALL, name="other")), make=make) as house:
            (before,) = house.pool.processes()
            assert ["192.0.2.1"] == subjects(await house.scan(block("192.0.2.1"), "all"))
            (told,) = house.told
            assert told.startswith(f"scanner {before} ")
            assert word in told
            await until(lambda: not _exists(before))

    run(story)


def _own_descriptor() -> int:
    """Find the one descriptor that a scanner has: all others cannot be read, which is tried with no bytes."""
    for descriptor in range(1 << 16):
        with suppress(OSError):
            os.read(descriptor, 0)
            return descriptor
    raise AssertionError


# ------------------------------------------------------------------------------------- how many there are


def slow(skip: frozenset[Expression], watch: Watch | None) -> Scans:
    class Slow(Odd):
        def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
            ended = time.monotonic() + 0.05
            while time.monotonic() < ended:
                pass
            return self.scanner.scan(lines, jails, now)

    return Slow(Scanner(compiled(ALL), skip=skip, watch=watch), watch)


@pytest.mark.slow
def test_scanners_become_more_while_sources_wait_and_fewer_when_they_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "_REST", 0.2)

    async def story() -> None:
        async with Pool(compiled(ALL), make=slow) as house:
            assert 1 == len(house.pool.processes())
            blocks = [block("192.0.2.1", source=source) for source in "abc" for _ in range(4)]
            scanning = asyncio.gather(*(house.scan(each) for each in blocks))
            await until(lambda: 2 == len(house.pool.processes()))
            assert [["192.0.2.1"]] * 12 == [subjects(found) for found in await scanning]
            await until(lambda: 1 == len(house.pool.processes()))
            assert [] == house.told

    run(story)


@pytest.mark.slow
def test_beside_a_backlog_there_is_a_spare_scanner_before_anybody_waits_for_one() -> None:
    async def story() -> None:
        async with Pool(compiled(ALL), make=slow) as house:
            await house.scan(block("192.0.2.1", source="quiet"))
            much = block(*["nothing"] * 10_000, source="loud")
            backlog = asyncio.gather(*(house.scan(much) for _ in range(8)))
            await until(lambda: 2 == len(house.pool.processes()))
            assert not backlog.done()
            assert ["192.0.2.1"] == subjects(await house.scan(block("192.0.2.1", source="quiet")))
            await backlog

    run(story)


@pytest.mark.slow
def test_an_idle_scanner_reads_along_what_is_little() -> None:
    async def story() -> None:
        async with Pool(compiled(jail("session", *SESSION_REGEXES))) as house:
            scan = house.scan
            await scan(block("c1 from 192.0.2.1", source="quiet"))
            much = block(*["c9 failed"] * 8_000, source="loud")
            backlog = asyncio.gather(*(scan(much) for _ in range(8)))
            await until(lambda: [True, True] == [each.is_ready for each in house.pool._scanners])
            known = [each.known for each in house.pool._scanners]
            assert "quiet" not in known[1]
            await scan(block(*["c2 from 192.0.2.2"] * 5000, source="other"))
            await asyncio.gather(backlog, scan(block("c3 from 192.0.2.3", source="quiet")))
            await scan(block("c4 from 192.0.2.4", source="quiet"))
            assert known[0]["quiet"] == known[1]["quiet"]
            for _ in range(50):
                await scan(block("c5 from 192.0.2.5", source="quiet"))
            assert max(each._lesson for each in house.pool._scanners) < 100  # patience does not add up
            assert 1 == sum("other" in each for each in known)
            os.kill(house.pool.processes()[0], signal.SIGKILL)
            await until(lambda: 1 == len(house.pool.processes()))
            assert ["192.0.2.1"] == subjects(await scan(block("c1 failed", source="quiet")))

    run(story)


@pytest.mark.slow
def test_one_source_alone_needs_one_scanner_however_long_it_waits() -> None:
    async def story() -> None:
        async with Pool(compiled(ALL), make=slow) as house:
            await asyncio.gather(*(house.scan(block("192.0.2.1")) for _ in range(5)))
            assert 1 == len(house.pool.processes())

    run(story)


# -------------------------------------------------------------------------------------- begin and end


def test_without_a_scanner_that_can_give_up_its_rights_there_is_no_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def confine(*_: object) -> None:
        raise StillPrivilegedError("still root")

    monkeypatch.setattr(child, "confine", confine)

    async def story() -> None:
        with pytest.raises(RefusedError, match=r"no scanner can run: still root; with --in-process"):
            async with Pool(compiled(ALL)):
                raise AssertionError

    run(story)


def test_scanners_that_cannot_begin_later_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with Pool(compiled(ALL)) as house:
            await house.scan(block("192.0.2.1"))
            with monkeypatch.context() as broken:
                broken.setattr(child, "confine", lambda *_: 1 / 0)
                os.kill(house.pool.processes()[0], signal.SIGKILL)
                scanning = asyncio.create_task(house.scan(block("192.0.2.2")))
                await until(lambda: len(house.told) > 1)
            assert ["192.0.2.2"] == subjects(await scanning)
            assert "a scanner could not begin: ZeroDivisionError: division by zero" in house.told[1]

    run(story)


def test_a_machine_without_room_for_a_process_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    async def story() -> None:
        async with Pool(compiled(ALL)) as house:
            await house.scan(block("192.0.2.1"))
            with monkeypatch.context() as broken:
                broken.setattr("banish.adapters.scanners.process.fork", full)
                os.kill(house.pool.processes()[0], signal.SIGKILL)
                scanning = asyncio.create_task(house.scan(block("192.0.2.2")))
                await until(lambda: len(house.told) > 1)
            assert ["192.0.2.2"] == subjects(await scanning)
            assert "no process for a scanner: Resource temporarily unavailable" in house.told[1]

    run(story)


def test_walls_that_the_kernel_lacks_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.adapters.scanners.seccomp.platform.machine", lambda: "vax")
    monkeypatch.setattr("banish.adapters.scanners.landlock.call", lambda *_: -1)

    async def story() -> None:
        async with Pool(compiled(ALL)) as house:
            (told,) = house.told
            assert "no landlock and no seccomp" in told

    if os.geteuid() == 0:
        run(story)


def test_closing_leaves_no_process_and_no_zombie_and_ends_who_waits() -> None:
    async def story() -> None:
        async with Pool(compiled(ALL), make=slow) as house:
            processes = house.pool.processes()
            lines = block("192.0.2.1")
            scanning = [asyncio.create_task(house.pool.scan(lines, ["all"], NOW)) for _ in range(5)]
            await asyncio.sleep(0)
        await asyncio.wait(scanning, timeout=SOON)
        assert all(each.cancelled() for each in scanning)
        assert [] == [pid for pid in processes if _exists(pid)]
        assert () == house.pool.processes()

    run(story)


def test_scanners_die_with_the_daemon_even_if_they_are_busy() -> None:
    reading, writing = os.pipe()

    async def daemon() -> None:
        async with Pool(compiled(jail("bad", EXPLODES))) as house:
            scanning = asyncio.create_task(house.scan(block(TRAP)))
            await asyncio.sleep(0)
            os.write(writing, f"{house.pool.processes()[0]}\n".encode())
            await scanning

    pid = os.fork()
    if not pid:
        try:
            run(daemon)
        finally:
            os._exit(1)
    scanner = int(os.read(reading, 100))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reading)
    os.close(writing)
    ended = time.monotonic() + SOON
    while _runs(scanner):
        assert time.monotonic() < ended


def _exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _runs(pid: int) -> bool:
    """Whether it computes; nobody may be there to collect what is left of an orphan."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except OSError:
        return False
