"""Ends what takes too long: an expression can keep Python busy for longer than anybody waits."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in what is inside, in the main thread, once so much time has passed."""
    before = signal.signal(signal.SIGALRM, _end)  # Python's `re` looks for signals as it works
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError
