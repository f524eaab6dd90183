"""Patience with one scanner, measured by its own processor time, so that a busy machine kills nobody.

A scanner that works on a whole block has a budget for it. A careful one says what it is trying on which line,
and has a budget for each of these steps.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from banish.adapters.scanners.progress import Progress, Step

_BLOCK: Final = 0.25  # seconds for any block, and
_BYTE: Final = 5e-7  # for each byte and jail: three times what the slow matcher takes; room to compile, too
_STEP: Final = 0.15  # for one expression on one line, which usually takes microseconds
_GLANCE: Final = 0.02  # between two looks at a careful scanner
_WALL: Final = 10  # times the budget, for one that does not even compute


class Watchdog:
    """Calls `bark` when a scanner is stuck; `progress` is that of a careful one."""

    def __init__(self, pid: int, progress: Progress | None, bark: Callable[[], None]) -> None:
        self._clock = (
            ~pid << 3
        ) | 2  # Source: clock_getcpuclockid(3) as the kernel numbers them, CPUCLOCK_SCHED
        self._progress = progress
        self._bark = bark
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._budget = 0.0
        self._spent = self._begun = 0.0
        self._step: Step | None = None

    def start(self, load: int) -> None:
        """Begin to watch a block; `load` is its bytes times its jails."""
        self.stop()
        self._budget = _STEP if self._progress else _BLOCK + load * _BYTE
        self._step = None
        self._mark()
        self._timer = self._loop.call_later(_GLANCE if self._progress else self._budget, self._look)

    def stop(self) -> None:
        """Leave it alone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _mark(self) -> None:
        self._spent, self._begun = self._processor_time(), self._loop.time()

    def _look(self) -> None:
        if self._progress is not None and (step := self._progress.read()) != self._step:
            self._step = step
            self._mark()
        left = self._budget - (self._processor_time() - self._spent)
        if left <= 0 or self._loop.time() - self._begun > self._budget * _WALL:
            self._timer = None
            self._bark()
        else:
            self._timer = self._loop.call_later(_GLANCE if self._progress else max(left, 0.01), self._look)

    def _processor_time(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it is gone, which is told elsewhere
            return self._spent
