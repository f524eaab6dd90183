"""Where a careful scanner is: a few bytes of memory that it shares with the daemon.

Written before every expression that is tried on a line, so that whoever had to kill the scanner knows what it
was at. The daemon reads it while it is written; what it sees half written makes no sense and is dropped, and
what a scanner is stuck at is not being written.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

from banish.core.expression import KEYS, Expression

_RECORD: Final = struct.Struct("=QQIIII")  # step, task, line, jail, key, number


class Step(NamedTuple):
    """What a scanner does: the how manieth thing since it began, on which line of a task."""

    number: int
    task: int
    line: int
    expression: Expression


class Progress:
    """The shared record; `jails` are those of the program."""

    def __init__(self, jails: Sequence[str]) -> None:
        self._jails = jails
        self._numbers = {name: number for number, name in enumerate(jails)}
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self._count = 0
        self.task = 0  # what the scanner is working on; its own business

    def watch(self, line: int, expression: Expression) -> None:
        """Write down what is about to be tried."""
        self._count += 1
        jail, key = self._numbers[expression.jail], KEYS.index(expression.key)
        _RECORD.pack_into(self._memory, 0, self._count, self.task, line, jail, key, expression.number)

    def read(self) -> Step | None:
        """Return where the scanner is; absent if it has not begun, or writes nonsense."""
        count, task, line, jail, key, index = _RECORD.unpack_from(self._memory)
        if not count or jail >= len(self._jails) or key >= len(KEYS):
            return None
        return Step(count, task, line, Expression(self._jails[jail], KEYS[key], index))

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
