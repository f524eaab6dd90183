"""The tables, and the steps that lead from any older version of them to this one.

Times are seconds since 1970 as REAL (infinity: never), which SQLite keeps in 4 to 6 bytes where they are
whole. Texts are BLOBs, because lines of logs are not always Unicode. `bans` and `offenders` are ordered by
subject, so looking one up needs no second index; `evidence` lies apart to keep them compact. `run` has one
row: about the run that has the file open, or had it last, and how many bytes there are of evidence and of
all else. `taken` names the files of other programs whose memory became ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from banish.core.errors import StoreError

APPLICATION_ID: Final = 0x42414E31  # "BAN1" in the header of the file: this one is ours

_FIRST: Final = """
CREATE TABLE jails (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);

CREATE TABLE bans (
  subject BLOB NOT NULL, jail INTEGER NOT NULL, at REAL NOT NULL, until REAL NOT NULL,
  failures INTEGER NOT NULL, count INTEGER NOT NULL, origin INTEGER NOT NULL,
  reason BLOB, evidence INTEGER,
  PRIMARY KEY (subject, jail, at)
) WITHOUT ROWID;
CREATE INDEX bans_by_age ON bans (at, until);

CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, failures BLOB NOT NULL);

CREATE TABLE offenders (
  subject BLOB NOT NULL, jail INTEGER NOT NULL, count INTEGER NOT NULL,
  last REAL NOT NULL, kept REAL NOT NULL,
  PRIMARY KEY (subject, jail)
) WITHOUT ROWID;
CREATE INDEX offenders_by_age ON offenders (last, kept);

CREATE TABLE cursors (
  source BLOB PRIMARY KEY NOT NULL, position BLOB NOT NULL, saved REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE exemptions (
  subject BLOB PRIMARY KEY NOT NULL, until REAL NOT NULL, reason BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE run (is_clean INTEGER NOT NULL, evidence_bytes INTEGER NOT NULL);
INSERT INTO run VALUES (0, 0);
CREATE TRIGGER evidence_put AFTER INSERT ON evidence
BEGIN UPDATE run SET evidence_bytes = evidence_bytes + length(new.failures); END;
CREATE TRIGGER evidence_gone AFTER DELETE ON evidence
BEGIN UPDATE run SET evidence_bytes = evidence_bytes - length(old.failures); END;
"""

# A row with its place in the index takes, as `dbstat` tells of half a million of them written in no order, 70
# bytes and twice the subject for a ban, 60 and twice the subject for an offender.
_SECOND: Final = """
CREATE TABLE taken (source BLOB PRIMARY KEY NOT NULL, at REAL NOT NULL) WITHOUT ROWID;

ALTER TABLE run ADD COLUMN history_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE run SET history_bytes =
  (SELECT ifnull(sum(70 + 2 * length(subject) + ifnull(length(reason), 0)), 0) FROM bans)
  + (SELECT ifnull(sum(60 + 2 * length(subject)), 0) FROM offenders);
CREATE TRIGGER ban_put AFTER INSERT ON bans BEGIN UPDATE run SET history_bytes =
  history_bytes + 70 + 2 * length(new.subject) + ifnull(length(new.reason), 0); END;
CREATE TRIGGER ban_gone AFTER DELETE ON bans BEGIN UPDATE run SET history_bytes =
  history_bytes - 70 - 2 * length(old.subject) - ifnull(length(old.reason), 0); END;
CREATE TRIGGER ban_reasoned AFTER UPDATE OF reason ON bans BEGIN UPDATE run SET history_bytes =
  history_bytes + ifnull(length(new.reason), 0) - ifnull(length(old.reason), 0); END;
CREATE TRIGGER offender_put AFTER INSERT ON offenders
BEGIN UPDATE run SET history_bytes = history_bytes + 60 + 2 * length(new.subject); END;
CREATE TRIGGER offender_gone AFTER DELETE ON offenders
BEGIN UPDATE run SET history_bytes = history_bytes - 60 - 2 * length(old.subject); END;
"""

STEPS: Final[Sequence[str]] = (_FIRST, _SECOND)
"""Step n leads from version n to n + 1; a new file starts at 0. Steps are never changed, only added."""


def is_ours(db: sqlite3.Connection) -> bool:
    """Whether this is a store of Banish, or nothing at all yet."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(application == APPLICATION_ID or (application == 0 and tables == 0))


def upgrade(db: sqlite3.Connection, name: str, steps: Sequence[str] = STEPS) -> None:
    """Bring the tables to the version of this program, each step in a transaction of its own.

    Raises `StoreError` for a file that a newer program wrote; it is left as it is.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        raise StoreError(
            f"{name}: schema {version} was written by a newer banish, this one knows up to {len(steps)};"
            " update banish, or move the file away to begin a new one"
        )
    for number, step in enumerate(steps[version:], start=version + 1):
        db.executescript(
            f"BEGIN IMMEDIATE; {step}"
            f"; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}; COMMIT;"
        )
