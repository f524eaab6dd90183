"""Sentences for the operator, not the same trouble again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

QUIET_SECONDS: Final = 60.0  # after a report, nothing more is reported of the same thing
MOST_THINGS: Final = 1000


class Reports:
    """Passes on what is said of a thing, at most once a minute for each."""

    def __init__(self, report: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._report = report
        self._clock = clock
        self._quiet_until: dict[str, float] = {}

    def tell(self, thing: str, sentence: str) -> None:
        """Report, unless something was reported of this thing just now."""
        now = self._clock()
        if now < self._quiet_until.get(thing, now):
            return
        if len(self._quiet_until) >= MOST_THINGS:
            self._quiet_until.clear()
        self._quiet_until[thing] = now + QUIET_SECONDS
        self._report(sentence)
