"""What every log can do, and several logs as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from banish.compat.loglines import LogLine
from banish.core.model import Note


class Sink(Protocol):
    """Anything that takes notes. Nothing here raises: a log that cannot be written stops nobody."""

    def note(self, *notes: Note) -> None:
        """Write events down."""
        ...

    def line(self, line: LogLine) -> None:
        """Write down what fail2ban's log tells and is no event, such as that a program started."""
        ...

    def reopen(self) -> bool:
        """Open files by their names; say whether there is one."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class Logs:
    """Several logs as one."""

    def __init__(self, logs: Sequence[Sink]) -> None:
        self._logs = logs

    def note(self, *notes: Note) -> None:
        """Write events into each."""
        for log in self._logs:
            log.note(*notes)

    def line(self, line: LogLine) -> None:
        """Write a line into each that takes it."""
        for log in self._logs:
            log.line(line)

    def reopen(self) -> bool:
        """Open files anew; say whether there are any."""
        reopened = [log.reopen() for log in self._logs]
        return any(reopened)

    def close(self) -> None:
        """Close each."""
        for log in self._logs:
            log.close()
