"""Matching in the daemon's own process: the same answers, without the walls."""

from __future__ import annotations

from collections.abc import Sequence

from banish.adapters.scanners.child import Scans
from banish.core.match import Findings
from banish.core.model import Instant, Lines


class LocalMatcher:
    """Scans where it is called; nobody looks at the time that takes."""

    def __init__(self, scanner: Scans) -> None:
        self._scanner = scanner

    async def open(self) -> None:
        """Be ready at once."""

    async def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        """Hold every line of a block against the rules of `jails`, before anything else happens."""
        return self._scanner.scan(lines, jails, now)

    def processes(self) -> tuple[int, ...]:
        """Return that there are none."""
        return ()

    def left_out(self) -> tuple[str, ...]:
        """Return that nothing is."""
        return ()

    def close(self) -> None:
        """Have nothing to close."""
