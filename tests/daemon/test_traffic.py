from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from banish.core.model import Cursor, Lines
from banish.daemon.traffic import MOST_BYTES, Traffic


class Road:
    """A source that says what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def blocks(self) -> AsyncIterator[Lines]:
        raise AssertionError

    def pause(self, name: str) -> None:
        self.told.append(f"pause {name}")

    def resume(self, name: str) -> None:
        self.told.append(f"resume {name}")

    def close(self) -> None:
        raise AssertionError


def lines(source: str, size: int = 1) -> Lines:
    return Lines(source, b"x" * size, Cursor(source, ""), live=True)


def test_of_one_log_two_blocks_are_on_their_way_and_other_logs_do_not_care() -> None:
    road = Road()
    traffic = Traffic(road)
    for source in "aba":
        traffic.enter(lines(source))
    assert ["pause a"] == road.told
    traffic.leave(lines("b"))
    traffic.leave(lines("a"))
    assert ["pause a", "resume a"] == road.told
    traffic.leave(lines("a"))
    assert ["pause a", "resume a"] == road.told


def test_all_together_are_so_many_bytes() -> None:
    async def story() -> None:
        traffic = Traffic(Road())
        traffic.enter(lines("a", MOST_BYTES))
        await traffic.room()
        traffic.enter(lines("b"))
        waiting = asyncio.create_task(traffic.room())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
        traffic.leave(lines("b"))
        await asyncio.wait_for(waiting, 3)

    asyncio.run(story())


def test_those_on_their_way_go_first() -> None:
    async def story() -> None:
        traffic = Traffic(Road())
        order: list[str] = []
        asyncio.get_running_loop().call_soon(order.append, "on its way")
        await traffic.room()
        assert ["on its way"] == order

    asyncio.run(story())
