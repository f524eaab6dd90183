from __future__ import annotations

import asyncio
from collections.abc import Sequence

from banish.adapters.sources.memory import LONGEST_LINE, MemorySource
from banish.core.model import Cursor, Lines
from banish.daemon.ports import Source


def fed(*pieces: bytes) -> list[Lines]:
    async def dialogue() -> list[Lines]:
        source = MemorySource("stdin", live=False)
        port: Source = source
        asking = asyncio.ensure_future(collected(port))
        for piece in pieces:
            await source.feed(piece)
            await asyncio.sleep(0)
        source.end()
        return await asking

    return asyncio.run(dialogue())


async def collected(source: Source) -> list[Lines]:
    return [lines async for lines in source.blocks()]


def blocks(*pieces: bytes) -> Sequence[bytes]:
    return [lines.block for lines in fed(*pieces)]


def test_complete_lines_are_delivered_with_their_place() -> None:
    assert [
        Lines("stdin", b"one\ntwo\n", Cursor("stdin", "8"), live=False),
        Lines("stdin", b"three\n", Cursor("stdin", "14"), live=False),
    ] == fed(b"one\ntwo\nth", b"ree\n")


def test_a_last_line_without_end_is_ended() -> None:
    assert [b"one\n", b"two\n"] == blocks(b"one\ntwo")


def test_nothing_gives_nothing() -> None:
    assert [] == blocks(b"")


def test_the_rest_of_an_overlong_line_is_skipped() -> None:
    whole = b"a" * LONGEST_LINE + b"\n"
    assert [whole, b"next\n"] == blocks(b"a" * (LONGEST_LINE + 1), b"a" * 10, b"rest\nnext\n")
    assert [whole, whole] == blocks(whole, whole)


def test_feeding_waits_for_the_consumer() -> None:
    async def dialogue() -> None:
        source = MemorySource()
        await source.feed(b"a" * LONGEST_LINE + b"\n")
        waiting = asyncio.ensure_future(source.feed(b"b\n"))
        await asyncio.sleep(0)
        assert not waiting.done()
        reading = source.blocks()
        assert LONGEST_LINE + 1 == len((await anext(reading)).block)
        await waiting
        lines = await anext(reading)
        assert (b"b\n", True) == (lines.block, lines.live)

    asyncio.run(dialogue())


def test_closing_forgets_what_was_not_taken_and_frees_who_waits() -> None:
    async def dialogue() -> None:
        source = MemorySource()
        await source.feed(b"a" * LONGEST_LINE + b"\n")
        waiting = asyncio.ensure_future(source.feed(b"b\n"))
        await asyncio.sleep(0)
        source.close()
        await waiting
        assert [] == await collected(source)

    asyncio.run(dialogue())
