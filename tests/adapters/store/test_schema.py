from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from banish.adapters.store.schema import APPLICATION_ID, STEPS, is_ours, upgrade
from banish.core.errors import StoreError


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_goes_through_every_step(db: sqlite3.Connection) -> None:
    assert is_ours(db)
    upgrade(db, "x")
    assert len(STEPS) == version(db)
    assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert is_ours(db)


def test_an_older_file_goes_through_the_steps_it_lacks(db: sqlite3.Connection) -> None:
    upgrade(db, "x", ["CREATE TABLE a (b)", "INSERT INTO a VALUES (1)"])
    upgrade(db, "x", ["no SQL", "no SQL", "UPDATE a SET b = b + 1"])
    assert version(db) == 3
    assert db.execute("SELECT b FROM a").fetchall() == [(2,)]


def test_a_step_that_fails_leaves_the_version_before(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.Error):
        upgrade(db, "x", ["CREATE TABLE a (b)", "INSERT INTO a VALUES (1); no SQL"])
    db.execute("ROLLBACK")
    assert version(db) == 1
    assert db.execute("SELECT b FROM a").fetchall() == []


def test_a_newer_file_is_refused_with_the_cure(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"^/x: schema 99 .* newer banish.*; update banish, or move"):
        upgrade(db, "/x")


def test_the_database_of_another_program_is_not_ours(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE bans (ip)")
    assert not is_ours(db)
    db.execute("DROP TABLE bans")
    db.execute("PRAGMA application_id = 7")
    assert not is_ours(db)


def test_evidence_counts_its_own_bytes(db: sqlite3.Connection) -> None:
    upgrade(db, "x")
    db.execute("INSERT INTO evidence (failures) VALUES (x'0102'), (x'030405')")
    assert db.execute("SELECT evidence_bytes FROM run").fetchone() == (5,)
    db.execute("DELETE FROM evidence WHERE id = 1")
    assert db.execute("SELECT evidence_bytes FROM run").fetchone() == (3,)


def history_bytes(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT history_bytes FROM run").fetchone()[0])


def test_bans_and_offenders_count_their_own_bytes(db: sqlite3.Connection) -> None:
    upgrade(db, "x")
    db.execute("INSERT INTO bans VALUES (x'7401', 1, 0, 1, 1, 1, 0, NULL, NULL)")
    db.execute("INSERT INTO offenders VALUES (x'7401', 1, 1, 0, 1)")
    assert history_bytes(db) == 74 + 64
    for reason in ("abc", "a"):
        db.execute("UPDATE bans SET reason = ?", (reason,))
        assert history_bytes(db) == 74 + 64 + len(reason)
    db.execute("DELETE FROM bans")
    db.execute("DELETE FROM offenders")
    assert history_bytes(db) == 0


def test_what_an_older_version_left_is_counted(db: sqlite3.Connection) -> None:
    upgrade(db, "x", STEPS[:1])
    db.execute("INSERT INTO bans VALUES (x'7401', 1, 0, 1, 1, 1, 0, 'why', NULL)")
    db.execute("INSERT INTO offenders VALUES (x'7401', 1, 1, 0, 1)")
    upgrade(db, "x")
    assert history_bytes(db) == 77 + 64
