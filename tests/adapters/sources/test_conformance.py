"""What every source promises, checked on the one in memory and on the one that reads files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from banish.adapters.sources.file import FileSource
from banish.adapters.sources.memory import MemorySource
from banish.core.config import LogPath
from banish.daemon.ports import Source

SOON = 10
Feed: TypeAlias = Callable[[bytes], Awaitable[None]]
Make: TypeAlias = Callable[[Path], "tuple[Source, Feed]"]


def in_memory(log: Path) -> tuple[Source, Feed]:
    source = MemorySource(str(log))
    return source, source.feed


def in_a_file(log: Path) -> tuple[Source, Feed]:
    async def feed(data: bytes) -> None:
        with log.open("ab") as file:
            file.write(data)

    return FileSource([LogPath(str(log))], {}), feed


makers = pytest.mark.parametrize("make", [in_memory, in_a_file])


@makers
def test_complete_lines_come_in_order_with_a_cursor_of_their_source(tmp_path: Path, make: Make) -> None:
    async def dialogue() -> None:
        log = tmp_path / "x.log"
        source, feed = make(log)
        blocks, found, positions = source.blocks(), b"", set()
        for piece in (b"one\n", b"two\nth", b"ree\n", b"\0\xff\n"):
            await feed(piece)
            lines = await asyncio.wait_for(anext(blocks), SOON)
            assert lines.block.endswith(b"\n")
            assert str(log) == lines.source == lines.cursor.source
            positions.add(lines.cursor.position)
            found += lines.block
        assert b"one\ntwo\nthree\n\0\xff\n" == found
        assert len(positions) == 4
        source.close()

    asyncio.run(dialogue())


@makers
def test_closing_ends_who_waits(tmp_path: Path, make: Make) -> None:
    async def dialogue() -> None:
        source, _ = make(tmp_path / "x.log")
        waiting = asyncio.ensure_future(anext(source.blocks(), None))
        await asyncio.sleep(0)
        source.close()
        assert await asyncio.wait_for(waiting, SOON) is None

    asyncio.run(dialogue())


@makers
def test_what_is_paused_yields_nothing_and_goes_on_where_it_was(tmp_path: Path, make: Make) -> None:
    async def dialogue() -> None:
        log = tmp_path / "x.log"
        source, feed = make(log)
        blocks = source.blocks()
        await feed(b"one\n")
        assert b"one\n" == (await asyncio.wait_for(anext(blocks), SOON)).block
        source.pause(str(log))
        source.pause("another")
        await feed(b"two\n")
        waiting = asyncio.ensure_future(anext(blocks))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not waiting.done()
        source.resume("another")
        await asyncio.sleep(0)
        assert not waiting.done()
        source.resume(str(log))
        assert b"two\n" == (await asyncio.wait_for(waiting, SOON)).block
        source.close()

    asyncio.run(dialogue())
