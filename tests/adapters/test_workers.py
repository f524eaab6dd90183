from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from banish.adapters.workers import BusyError, Workers


def test_a_call_is_made_in_another_thread_and_its_result_comes_back() -> None:
    async def scene() -> None:
        workers = Workers("w", threads=2, most_waiting=9)
        idents = await asyncio.gather(*(workers.submit(threading.get_ident) for _ in range(5)))
        assert threading.get_ident() not in idents
        assert len({*idents}) <= 2
        workers.close()

    asyncio.run(scene())


def test_what_a_call_raises_comes_back_too() -> None:
    async def scene() -> None:
        workers = Workers("w", threads=1, most_waiting=9)
        with pytest.raises(ZeroDivisionError):
            await workers.submit(lambda: 1 // 0)
        assert await workers.submit(lambda: 1) == 1
        workers.close()

    asyncio.run(scene())


def hanging(workers: Workers) -> tuple[Callable[[], None], asyncio.Future[bool]]:
    """Let the only worker hang, and say how to free it."""
    begun, freed = threading.Event(), threading.Event()

    def hang() -> bool:
        begun.set()
        return freed.wait(10)

    future = workers.submit(hang)
    assert begun.wait(10)
    return freed.set, future


def test_more_calls_than_may_wait_are_refused() -> None:
    async def scene() -> None:
        workers = Workers("w", threads=1, most_waiting=1)
        free, first = hanging(workers)
        second = workers.submit(lambda: 2)
        with pytest.raises(BusyError, match="w: 1 questions are waiting already"):
            workers.submit(lambda: 3)
        workers.close()  # there is no room for the word, and nobody waits for it
        free()
        assert await first
        assert await second == 2

    asyncio.run(scene())


def test_a_call_that_nobody_waits_for_any_more_ends_quietly() -> None:
    async def scene() -> None:
        workers = Workers("w", threads=1, most_waiting=2)
        free, first = hanging(workers)
        first.cancel()
        free()
        assert await workers.submit(lambda: 2) == 2
        workers.close()

    asyncio.run(scene())


def test_a_call_that_outlives_its_loop_ends_quietly() -> None:
    workers = Workers("w", threads=1, most_waiting=2)
    before = {*threading.enumerate()}

    async def scene() -> Callable[[], None]:
        return hanging(workers)[0]

    free = asyncio.run(scene())
    workers.close()
    (thread,) = {*threading.enumerate()} - before
    free()
    thread.join(10)
    assert not thread.is_alive()
