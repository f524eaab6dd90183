"""What every matcher promises, checked on the one in this process and on the one with its own processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TypeAlias

import pytest
from tests.adapters.scanners.play import (
    ADDRESS,
    NOW,
    SESSION_REGEXES,
    SOON,
    Pool,
    block,
    compiled,
    jail,
    run,
    subjects,
)

from banish.adapters.scanners.local import LocalMatcher
from banish.core.match import Scanner
from banish.core.model import Instant
from banish.core.rules import Program
from banish.daemon.ports import Matcher

Make: TypeAlias = Callable[[Program], AbstractAsyncContextManager[Matcher]]

FAILED = jail("failed", rf"^failed {ADDRESS}$", rf"^refused {ADDRESS}$")
ALL = jail("all", ADDRESS)
SESSION = jail("session", *SESSION_REGEXES)


@asynccontextmanager
async def here(program: Program) -> AsyncIterator[Matcher]:
    matcher = LocalMatcher(Scanner(program))
    await matcher.open()
    yield matcher
    matcher.close()


@asynccontextmanager
async def elsewhere(program: Program) -> AsyncIterator[Matcher]:
    async with Pool(program) as pool:
        yield pool.pool


makers = pytest.mark.parametrize("make", [here, elsewhere])


@makers
def test_a_block_is_answered_with_everything_that_its_jails_find(make: Make) -> None:
    async def story() -> None:
        program = compiled(FAILED, ALL)
        async with make(program) as matcher:
            lines = block("failed 192.0.2.1", "x", "refused 192.0.2.2")
            found = await matcher.scan(lines, ["failed", "all"], NOW)
            expected = Scanner(program).scan(lines, ["failed", "all"], NOW)
            assert expected.hits == found.hits
            assert [0, 0, 2, 2] == [hit.line for hit in found.hits]
            assert [0, 0, 1, 0] == [hit.rule for hit in found.hits]
            assert [("failed 192.0.2.1",)] * 2 == [hit.lines for hit in found.hits[:2]]

    run(story)


@makers
def test_jails_that_are_not_asked_find_nothing(make: Make) -> None:
    async def story() -> None:
        async with make(compiled(FAILED, ALL)) as matcher:
            found = await matcher.scan(block("failed 192.0.2.1"), ["all"], NOW)
            assert ["all"] == [hit.jail for hit in found.hits]
            assert [] == (await matcher.scan(block("failed 192.0.2.1"), [], NOW)).hits
            assert [] == (await matcher.scan(block(), ["all"], NOW)).hits

    run(story)


@makers
def test_what_is_known_from_one_block_holds_in_the_next(make: Make) -> None:
    async def story() -> None:
        async with make(compiled(SESSION)) as matcher:
            assert [] == (await matcher.scan(block("c1 from 192.0.2.1"), ["session"], NOW)).hits
            found = await matcher.scan(block("c1 failed"), ["session"], Instant(NOW + 1))
            assert ["192.0.2.1"] == subjects(found)

    run(story)


@makers
def test_blocks_of_one_source_are_answered_in_the_order_of_asking(make: Make) -> None:
    async def story() -> None:
        answered: list[str] = []

        async def ask(matcher: Matcher, source: str, number: int) -> None:
            await matcher.scan(block(*["failed 192.0.2.1"] * (200 - number), source=source), ["all"], NOW)
            answered.append(f"{source}{number}")

        async with make(compiled(ALL)) as matcher:
            asking = [ask(matcher, source, number) for number in range(30) for source in "ab"]
            await asyncio.wait_for(asyncio.gather(*asking), SOON)
        for source in "ab":
            assert [f"{source}{number}" for number in range(30)] == [
                each for each in answered if each.startswith(source)
            ]

    run(story)


@makers
def test_what_the_rules_find_odd_is_told(make: Make) -> None:
    dated = replace(jail("dated", ADDRESS), datepatterns=("%Y-%m-%d %H:%M:%S",))

    async def story() -> None:
        async with make(compiled(dated)) as matcher:
            found = await matcher.scan(block("1999-01-01 00:00:00 x"), ["dated"], NOW)
            assert ["dated"] == [note.jail for note in found.notes]

    run(story)


@makers
def test_any_bytes_are_a_line(make: Make) -> None:
    async def story() -> None:
        lines = block("failed 192.0.2.1")
        odd = replace(lines, block=b"\0\xff\xfe\n\n" + lines.block, live=False)
        async with make(compiled(ALL)) as matcher:
            assert ["192.0.2.1"] == subjects(await matcher.scan(odd, ["all"], NOW))

    run(story)
