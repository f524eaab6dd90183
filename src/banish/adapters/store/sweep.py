"""What is old enough is forgotten: in small steps, each part of a transaction that is written anyway."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from banish.core.model import Instant, Seconds

STEP_ROWS: Final = 50  # looked at per step: about 1 ms with a million rows in the table
REST: Final = Seconds(60)  # from the end of one round to the next
CURSORS: Final = 10_000  # sources remembered, the latest saved

_START: Final = (float("-inf"), 0.0, b"", 0)


@dataclass(frozen=True, slots=True)
class Broom:
    """One table to be swept: where to look next, and what to do with a row whose time is over."""

    look: str
    sweep: tuple[str, ...]


BANS: Final = Broom(
    "SELECT at, until, subject, jail FROM bans"
    " WHERE (at, until, subject, jail) > (?, ?, ?, ?) AND at < ?"
    " ORDER BY at, until, subject, jail LIMIT ?",
    (
        (
            "DELETE FROM evidence WHERE id ="
            " (SELECT evidence FROM bans WHERE at = ? AND until = ? AND subject = ? AND jail = ?)"
        ),
        "DELETE FROM bans WHERE at = ? AND until = ? AND subject = ? AND jail = ?",
    ),
)

OFFENDERS: Final = Broom(
    "SELECT last, kept, subject, jail FROM offenders"
    " WHERE (last, kept, subject, jail) > (?, ?, ?, ?) AND last < ?"
    " ORDER BY last, kept, subject, jail LIMIT ?",
    ("DELETE FROM offenders WHERE last = ? AND kept = ? AND subject = ? AND jail = ?",),
)


class Sweep:
    """One round after the other over both tables, from the oldest row on.

    A row goes when the second of its two times is older than `age`; rows that stay are stepped over.
    """

    def __init__(self, age: Seconds) -> None:
        self._age = age
        self._positions: dict[Broom, tuple[float, float, bytes, int]] = {}
        self._rested: Instant | None = None

    def step(self, db: sqlite3.Connection, now: Instant, rows: int = STEP_ROWS) -> None:
        """Look at the next `rows` old rows of each table, unless a round has just ended."""
        if self._rested is not None and 0 <= now - self._rested < REST:
            return
        self._rested = None
        cutoff = Instant(now - self._age)
        ends = [self._pass(broom, db, cutoff, rows) for broom in (BANS, OFFENDERS)]
        if all(ends):
            self._positions.clear()
            self._rested = now
            self._tidy(db, now)

    def _pass(self, broom: Broom, db: sqlite3.Connection, cutoff: Instant, rows: int) -> bool:
        """Do one step in one table; say whether there is nothing behind it."""
        position = self._positions.get(broom, _START)
        seen = db.execute(broom.look, (*position, cutoff, rows)).fetchall()
        gone = [row for row in seen if row[1] < cutoff]
        for statement in broom.sweep:
            db.executemany(statement, gone)
        if seen:
            self._positions[broom] = seen[-1]
        return len(seen) < rows

    def _tidy(self, db: sqlite3.Connection, now: Instant) -> None:
        db.execute("DELETE FROM exemptions WHERE until <= ?", (now,))
        db.execute(
            "DELETE FROM cursors WHERE source IN"
            " (SELECT source FROM cursors ORDER BY saved DESC LIMIT -1 OFFSET ?)",
            (CURSORS,),
        )
