"""When the engine has to do what next; a few fixed chores, so a few fields."""

from __future__ import annotations

from dataclasses import dataclass

from banish.core.model import NEVER, Instant


@dataclass(slots=True)
class Schedule:
    """The time of each chore; `NEVER` for what there is no need to do."""

    housekeeping: Instant = NEVER
    refresh: Instant = NEVER
    cursors: Instant = NEVER
    replace: Instant = NEVER
    calm: Instant = NEVER  # until then a new failure of the firewall makes the pause longer
    wake: Instant = NEVER
    flush: bool = False

    def earliest(self) -> Instant:
        """Return when the next chore is due."""
        return min(self.housekeeping, self.refresh, self.cursors, self.replace, self.calm)
