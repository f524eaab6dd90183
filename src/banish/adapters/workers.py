"""Threads for calls that may hang, such as a resolver's or a dead file server's.

They are daemons, unlike those of `concurrent.futures`: a call that hangs must not hold up the end of the
program. More calls than `most_waiting` are refused, so a flood of questions has an end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import Full, Queue
from threading import Thread
from typing import Any, TypeAlias, TypeVar

Answer = TypeVar("Answer")
_Job: TypeAlias = "tuple[Callable[[], Any], asyncio.Future[Any]]"


class BusyError(Exception):
    """So many calls are waiting that one more is refused."""


class Workers:
    """A few threads with one queue. To be used from one event loop."""

    def __init__(self, name: str, *, threads: int, most_waiting: int) -> None:
        self.name = name
        self._room = threads
        self._started = 0
        self._jobs: Queue[_Job | None] = Queue(most_waiting)

    def submit(self, call: Callable[[], Answer]) -> asyncio.Future[Answer]:
        """Let a thread make the call; its result, or what it raised, is in the future."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            self._jobs.put_nowait((call, future))
        except Full:
            raise BusyError(f"{self.name}: {self._jobs.maxsize} questions are waiting already") from None
        if self._started < self._room:
            self._started += 1
            Thread(target=self._work, name=self.name, daemon=True).start()
        return future

    def close(self) -> None:
        """Send those home that have nothing to do; the others are left to their fate."""
        for _ in range(self._started):
            with suppress(Full):
                self._jobs.put_nowait(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            call, future = job
            try:
                _hand_over(future, future.set_result, call())
            except Exception as error:  # noqa: BLE001 - whoever asked is to get it, whatever it is
                _hand_over(future, future.set_exception, error)


def _hand_over(future: asyncio.Future[Any], put: Callable[[Any], None], value: object) -> None:
    def deliver() -> None:
        if not future.done():
            put(value)

    with suppress(RuntimeError):  # the loop has ended, and with it the question
        future.get_loop().call_soon_threadsafe(deliver)
