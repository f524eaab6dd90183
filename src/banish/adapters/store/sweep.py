"""What is old enough is forgotten: in small steps, each part of a transaction that is written anyway.

What takes too much room is forgotten sooner, the oldest first; bans in force never are.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final, TypeAlias

from banish.core.model import Instant, Seconds

STEP_ROWS: Final = 50  # looked at per step: about 1 ms with a million rows in the table
REST: Final = Seconds(60)  # from the end of one round to the next
CURSORS: Final = 10_000  # sources remembered, the latest saved
HISTORY_BYTES: Final = (
    104_857_600  # of bans and offenders: 600,000 of each; with evidence and log 190 MB of disk
)
SPARE_PAGES: Final = 256  # kept for what comes next; a file that is larger than that gives pages back
STEP_PAGES: Final = 16  # given back per step: 0.2 ms

_Row: TypeAlias = "tuple[float, float, bytes, int]"
_START: Final[_Row] = (float("-inf"), 0.0, b"", 0)


@dataclass(frozen=True, slots=True)
class Broom:
    """One table to be swept: where to look next, and what to do with a row whose time is over.

    The second column of a row counts from the first on: `share` of that span is how long the ban lasted.
    """

    look: str
    sweep: tuple[str, ...]
    share: int = 1

    def end(self, row: _Row) -> float:
        """Return when the ban that a row is about was over."""
        begin, kept, _, _ = row
        return begin + (kept - begin) / self.share


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
    share=3,  # they are kept for three ban times
)


class Sweep:
    """One round after the other over both tables, from the oldest row on.

    A row goes when the second of its two times is older than `age`; rows that stay are stepped over. While
    there are more than `most_bytes` of rows, one goes as soon as its ban is over.
    """

    def __init__(self, age: Seconds, most_bytes: int = HISTORY_BYTES) -> None:
        self._age = age
        self._most_bytes = most_bytes
        self._is_tight = False
        self._positions: dict[Broom, _Row] = {}
        self._rested: Instant | None = None

    def keep(self, age: Seconds) -> None:
        """Keep what is over for so long from now on."""
        self._age = age

    def step(self, db: sqlite3.Connection, now: Instant, rows: int = STEP_ROWS) -> None:
        """Look at the next `rows` old rows of each table, unless a round has just ended."""
        _give_back(db)
        self._measure(db)
        if self._rested is not None and 0 <= now - self._rested < REST:
            return
        self._rested = None
        ends = [self._pass(broom, db, now, rows) for broom in (BANS, OFFENDERS)]
        if all(ends):
            self._positions.clear()
            self._rested = now
            self._tidy(db, now)

    def _measure(self, db: sqlite3.Connection) -> None:
        """See whether there is too much; if that has changed, begin with the oldest again."""
        (history_bytes,) = db.execute("SELECT history_bytes FROM run").fetchone()
        was_tight, self._is_tight = self._is_tight, history_bytes > self._most_bytes
        if self._is_tight and not was_tight:
            self._positions.clear()
            self._rested = None

    def _pass(self, broom: Broom, db: sqlite3.Connection, now: Instant, rows: int) -> bool:
        """Do one step in one table; say whether there is nothing behind it."""
        position = self._positions.get(broom, _START)
        cutoff = now if self._is_tight else now - self._age
        seen: list[_Row] = db.execute(broom.look, (*position, cutoff, rows)).fetchall()
        gone = [row for row in seen if (broom.end(row) if self._is_tight else row[1]) < cutoff]
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


def _give_back(db: sqlite3.Connection) -> None:
    """Cut a few free pages off the file, if there are many."""
    (free,) = db.execute("PRAGMA freelist_count").fetchone()
    for _ in range(min(STEP_PAGES, free - SPARE_PAGES)):
        db.execute("PRAGMA incremental_vacuum(1)")  # of several pages, Python's module does the first only
