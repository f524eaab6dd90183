"""The store: bans and their evidence, offenders, cursors and exemptions, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from banish.adapters.store.database import Database
from banish.adapters.store.packing import (
    pack_proof,
    pack_subject,
    pack_text,
    unpack_ends,
    unpack_proof,
    unpack_subject,
    unpack_text,
)
from banish.adapters.store.sweep import HISTORY_BYTES, STEP_ROWS, Sweep
from banish.core.model import (
    Ban,
    Cursor,
    Exemption,
    Instant,
    Memory,
    Offender,
    Origin,
    Place,
    Save,
    Seconds,
    Subject,
)

EVIDENCE_BYTES: Final = 67_108_864  # of all bans, compressed: some 200,000 bans by ten lines of sshd
OFFENDERS: Final = 200_000  # taken up at a start: as many as are kept in mind
PAGE_ROWS: Final = 1000  # read at a time, so that no read transaction outlives a page

_ORIGINS: Final = (Origin.LOG, Origin.PERSON, Origin.KERNEL)  # stored as its place here; only append

_BANS: Final = """
SELECT at, until, subject, jail, failures, count, origin, reason,
  (SELECT name FROM jails WHERE id = jail)
FROM bans WHERE (at, until, subject, jail) > (?, ?, ?, ?) AND until > ?
ORDER BY at, until, subject, jail LIMIT ?
"""

_ENDS: Final = """
SELECT subject, jail, at, until FROM bans
WHERE (subject, jail, at) > (?, ?, ?) AND until > ? ORDER BY subject, jail, at LIMIT ?
"""

_HISTORY: Final = """
SELECT at, until, subject, jail, bans.failures, count, origin, reason,
  (SELECT name FROM jails WHERE id = jail), evidence.failures
FROM bans LEFT JOIN evidence ON evidence.id = bans.evidence
WHERE subject = ? ORDER BY at DESC LIMIT ?
"""

# A place is banned once at a time: a new ban ends the one before.
_SUPERSEDE: Final = (
    "UPDATE bans SET until = max(at, ?) WHERE subject = ? AND jail = ? AND until > ? AND at <> ?"
)

# Saved again, a ban is what it is said to be last. (REPLACE would not tell the triggers of what it deletes.)
_BAN: Final = """
INSERT INTO bans (subject, jail, at, until, failures, count, origin, reason, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET until = excluded.until, failures = excluded.failures, count = excluded.count,
  origin = excluded.origin, reason = excluded.reason, evidence = excluded.evidence
"""
_UNPROVE: Final = """
DELETE FROM evidence WHERE id = (SELECT evidence FROM bans WHERE subject = ? AND jail = ? AND at = ?)
"""
_LAST_PROOF: Final = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'evidence'"
_NEXT: Final = "SELECT at FROM bans WHERE subject = ? AND jail = ? AND at >= ? ORDER BY at LIMIT 1"

# Source of the three: fail2ban keeps an offender until three ban times and the purge age have gone by.
_OFFENDER: Final = """
INSERT INTO offenders (subject, jail, count, last, kept) VALUES (?1, ?2, ?3, ?4, ?4 + 3 * (?5 - ?4))
ON CONFLICT DO UPDATE SET count = excluded.count, last = excluded.last, kept = excluded.kept
WHERE excluded.last >= last
"""

_EXTEND: Final = """
UPDATE bans SET until = ?3
WHERE subject = ?1 AND jail = ?2
AND at = (SELECT max(at) FROM bans AS newest WHERE newest.subject = ?1 AND newest.jail = ?2)
"""
_EXTEND_OFFENDER: Final = "UPDATE offenders SET kept = max(kept, ?3) WHERE subject = ?1 AND jail = ?2"

_RELEASE: Final = "UPDATE bans SET until = max(at, ?3) WHERE subject = ?1 AND jail = ?2 AND until > ?3"
_FORGIVE: Final = "DELETE FROM offenders WHERE subject = ? AND jail = ?"


_Keyed: TypeAlias = tuple[Ban, tuple[bytes, int]]
"""A ban, and how its place is written: subject and number of the jail."""


class SqliteStore:
    """The port `Store` on a file, or in memory where there is none.

    `was_clean` tells whether the last run ended in `close` with everything saved; if not, the kernel may
    hold bans that are not here. `recovered` is a sentence for the operator after a file had to be given up.
    """

    def __init__(
        self,
        path: Path | None,
        now: Instant,
        *,
        purge_age: Seconds = Seconds(86_400),
        max_matches: int = 10,
        evidence_bytes: int = EVIDENCE_BYTES,
        history_bytes: int = HISTORY_BYTES,
    ) -> None:
        """`purge_age`: how long after its end a ban is kept; `max_matches`: failures kept as its evidence.

        With more than `history_bytes` of bans and offenders, the oldest of those that are over go at once.
        """
        self._database = Database(path, now)
        self._sweep = Sweep(purge_age, history_bytes)
        self._max_matches = max_matches
        self._evidence_bytes = evidence_bytes

    @property
    def was_clean(self) -> bool:
        """Whether the last run ended in order and had saved everything."""
        return self._database.was_clean

    @property
    def recovered(self) -> str | None:
        """What had to be done to the file to go on, if anything."""
        return self._database.recovered

    def bans(self, now: Instant) -> Iterator[Ban]:
        """Bans in force, without evidence, oldest first; may be read while saving goes on."""
        position: tuple[float, float, bytes, int] = (float("-inf"), 0.0, b"", 0)
        while True:
            with self._database.reading() as db:
                rows = db.execute(_BANS, (*position, now, PAGE_ROWS)).fetchall()
                page = [_ban(row) for row in rows]
            yield from page
            if len(rows) < PAGE_ROWS:
                return
            position = rows[-1][:4]

    def load(self, now: Instant) -> Memory:
        """Return what a start takes up again; to be read before anything is saved."""
        return Memory(self.ends(now), offenders=self.offenders(OFFENDERS), exemptions=self.exemptions(now))

    def ends(self, now: Instant) -> Iterator[tuple[Place, Instant]]:
        """Who is banned and until when, ordered by subject: five times as fast as `bans`."""
        with self._database.reading() as db:
            jails = {number: unpack_text(name) for number, name in db.execute("SELECT id, name FROM jails")}
        position: tuple[bytes, int, float] = (b"", 0, float("-inf"))
        while True:
            with self._database.reading() as db:
                rows = db.execute(_ENDS, (*position, now, PAGE_ROWS)).fetchall()
            yield from unpack_ends(rows, jails)
            if len(rows) < PAGE_ROWS:
                return
            position = rows[-1][:3]

    def offenders(self, limit: int) -> Iterator[Offender]:
        """Those banned before, the latest first; nothing is read until the first is asked for."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT (SELECT name FROM jails WHERE id = jail), subject, count, last"
                " FROM offenders ORDER BY last DESC LIMIT ?",
                (limit,),
            ).fetchall()
        for jail, who, count, last in rows:
            yield Offender(unpack_text(jail), unpack_subject(who), count, last)

    def cursors(self) -> Mapping[str, Cursor]:
        """How far each source was read."""
        with self._database.reading() as db:
            rows = db.execute("SELECT source, position FROM cursors").fetchall()
            cursors = [Cursor(unpack_text(source), unpack_text(position)) for source, position in rows]
        return {cursor.source: cursor for cursor in cursors}

    def exemptions(self, now: Instant) -> Iterator[Exemption]:
        """Exemptions in force, ordered by their end."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT subject, until, reason FROM exemptions WHERE until > ? ORDER BY until, subject",
                (now,),
            ).fetchall()
            found = [Exemption(unpack_subject(who), until, unpack_text(why)) for who, until, why in rows]
        return iter(found)

    def history(self, subject: Subject, limit: int) -> Sequence[Ban]:
        """All bans of a subject that are still known, with evidence, the latest first.

        The end of a ban that a person ended, or that a later one took over, is when that happened.
        """
        with self._database.reading() as db:
            return [_ban(row) for row in db.execute(_HISTORY, (pack_subject(subject), limit)).fetchall()]

    def save(self, wish: Save, now: Instant) -> Callable[[], None] | None:
        """Keep all of it or, on an error, nothing of it; on the way, forget a little of what is old.

        A checkpoint is returned when it is time for one; it waits for the disk, so a thread should call it.
        """
        with self._database.writing(now) as db:
            if wish.bans or wish.extended or wish.released:
                self._save_bans(db, wish, now)
            db.executemany(
                "INSERT OR REPLACE INTO cursors (source, position, saved) VALUES (?, ?, ?)",
                [(pack_text(each.source), pack_text(each.position), now) for each in wish.cursors],
            )
            db.executemany(
                "INSERT OR REPLACE INTO exemptions (subject, until, reason) VALUES (?, ?, ?)",
                [
                    (pack_subject(each.subject), each.until, pack_text(each.reason))
                    for each in wish.exemptions
                ],
            )
            db.executemany(
                "DELETE FROM exemptions WHERE subject = ?",
                [(pack_subject(each),) for each in wish.unexempted],
            )
            # twice as fast as rows come, so that old rows can never pile up
            self._sweep.step(db, now, max(STEP_ROWS, 2 * len(wish.bans)))
        return self._database.checkpoint if self._database.is_checkpoint_due else None

    def bound(self, purge_age: Seconds, max_matches: int) -> None:
        """Keep bans that are over for so long from now on, and so many failures of each new one."""
        self._sweep.keep(purge_age)
        self._max_matches = max_matches

    def has_taken(self, source: str) -> bool:
        """Whether what another program remembered in this file was taken over."""
        with self._database.reading() as db:
            row = db.execute("SELECT 1 FROM taken WHERE source = ?", (pack_text(source),)).fetchone()
        return row is not None

    def take(self, source: str, bans: Iterable[Ban], cursors: Iterable[Cursor], now: Instant) -> int:
        """Take over what another program remembered, oldest first, and return how many bans were new.

        What is known here of the same ban, and of how far a source was read, holds; a ban that was followed
        by another one ends when that began. All or nothing, however long it takes.
        """
        with self._database.writing(now) as db:
            new = sum(self._take(db, ban) for ban in bans)
            _trim_evidence(db, self._evidence_bytes)
            db.executemany(
                "INSERT INTO cursors (source, position, saved) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(pack_text(each.source), pack_text(each.position), now) for each in cursors],
            )
            db.execute("INSERT OR REPLACE INTO taken (source, at) VALUES (?, ?)", (pack_text(source), now))
        return new

    def close(self) -> None:
        """Close; everything saved stays."""
        self._database.close()

    def _take(self, db: sqlite3.Connection, ban: Ban) -> bool:
        key = pack_subject(ban.subject), _number_jails(db, (ban.jail,))[ban.jail]
        (later,) = db.execute(_NEXT, (*key, ban.at)).fetchone() or (None,)
        if later == ban.at:
            return False
        if later is None:
            _supersede(db, [(ban, key)])
        else:
            ban = replace(ban, until=min(ban.until, later))
        self._put(db, [(ban, key)])
        return True

    def _save_bans(self, db: sqlite3.Connection, wish: Save, now: Instant) -> None:
        places = [
            *(ban.place for ban in wish.bans),
            *(place for place, _ in wish.extended),
            *wish.released,
        ]
        jails = _number_jails(db, {place.jail for place in places})

        def key(place: Place) -> tuple[bytes, int]:
            return pack_subject(place.subject), jails[place.jail]

        for some in _apart(wish.bans):
            keyed = [(ban, key(ban.place)) for ban in some]
            _supersede(db, keyed)
            self._put(db, keyed)
        extended = [(*key(place), until) for place, until in wish.extended]
        db.executemany(_EXTEND, extended)
        db.executemany(_EXTEND_OFFENDER, extended)
        released = [key(place) for place in wish.released]
        db.executemany(_RELEASE, [(*place, now) for place in released])
        db.executemany(_FORGIVE, released)
        _trim_evidence(db, self._evidence_bytes)

    def _put(self, db: sqlite3.Connection, bans: Sequence[_Keyed]) -> None:
        """Write bans of places that differ, each with its evidence."""
        db.executemany(_UNPROVE, [(*key, ban.at) for ban, key in bans])
        (number,) = db.execute(_LAST_PROOF).fetchone()
        proofs: list[tuple[int, bytes]] = []
        rows: list[tuple[object, ...]] = []
        for ban, key in bans:
            proof, proven = pack_proof(ban.evidence, ban.fields, most=self._max_matches), None
            if proof is not None:
                proven = number = number + 1
                proofs.append((number, proof))
            origin, reason = _ORIGINS.index(ban.origin), pack_text(ban.reason) if ban.reason else None
            rows.append((*key, ban.at, ban.until, ban.failures, ban.count, origin, reason, proven))
        db.executemany("INSERT INTO evidence (id, failures) VALUES (?, ?)", proofs)
        db.executemany(_BAN, rows)
        db.executemany(_OFFENDER, [(*key, ban.count, ban.at, ban.until) for ban, key in bans])


def _apart(bans: Sequence[Ban]) -> Iterator[Sequence[Ban]]:
    """Yield bans in their order, in pieces in which each is of another place."""
    start, places = 0, set[Place]()
    for number, ban in enumerate(bans):
        if ban.place in places:
            yield bans[start:number]
            start, places = number, set()
        places.add(ban.place)
    yield bans[start:]


def _supersede(db: sqlite3.Connection, bans: Sequence[_Keyed]) -> None:
    """End what the places of these bans had before."""
    db.executemany(_SUPERSEDE, [(ban.at, *key, ban.at, ban.at) for ban, key in bans])


def _number_jails(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    """Return the number of each jail; new ones get one."""
    packed = {name: pack_text(name) for name in names}
    db.executemany(
        "INSERT INTO jails (name) VALUES (?) ON CONFLICT DO NOTHING", [(n,) for n in packed.values()]
    )
    return {
        name: db.execute("SELECT id FROM jails WHERE name = ?", (key,)).fetchone()[0]
        for name, key in packed.items()
    }


def _trim_evidence(db: sqlite3.Connection, most_bytes: int) -> None:
    """Delete the oldest evidence until the rest is within bounds; the bans remain."""
    (excess,) = db.execute("SELECT evidence_bytes - ? FROM run", (most_bytes,)).fetchone()
    while excess > 0:
        number, size = db.execute("SELECT min(id), length(failures) FROM evidence").fetchone()
        db.execute("DELETE FROM evidence WHERE id = ?", (number,))
        excess -= size


def _ban(row: tuple[Any, ...]) -> Ban:
    """Make a ban of a row of `_BANS`, or of `_HISTORY`, which has the evidence at its end."""
    at, until, subject, _, failures, count, origin, reason, jail, *packed = row
    proof, fields = unpack_proof(*packed)
    return Ban(
        unpack_text(jail),
        unpack_subject(subject),
        at,
        until,
        failures,
        count,
        _ORIGINS[origin],
        proof,
        unpack_text(reason or b""),
        fields,
    )
