from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from banish.adapters.store.schema import upgrade
from banish.adapters.store.sweep import CURSORS, REST, Sweep
from banish.core.model import Instant, Seconds

NOW = Instant(1_000_000)
AGE = Seconds(1000)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade(connection, "x")
        yield connection


def add(db: sqlite3.Connection, at: float, until: float, subject: bytes = b"t") -> None:
    number = db.execute("INSERT INTO evidence (failures) VALUES (x'00')").lastrowid
    db.execute("INSERT INTO bans VALUES (?, 1, ?, ?, 1, 1, 0, NULL, ?)", (subject, at, until, number))


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_bans_go_when_they_ended_long_enough_ago_and_their_evidence_with_them(db: sqlite3.Connection) -> None:
    add(db, NOW - 5000, NOW - 1001)
    add(db, NOW - 5001, NOW - 1000)
    add(db, NOW - 5002, float("inf"))
    Sweep(AGE).step(db, NOW)
    assert db.execute("SELECT at FROM bans ORDER BY at").fetchall() == [(NOW - 5002,), (NOW - 5001,)]
    assert count(db, "evidence") == 2


def test_offenders_go_when_they_were_kept_long_enough(db: sqlite3.Connection) -> None:
    for kept in (NOW - 1001, NOW - 999, float("inf")):
        db.execute("INSERT INTO offenders VALUES (x'74', ?, 1, 5, ?)", (count(db, "offenders"), kept))
    Sweep(AGE).step(db, NOW)
    assert count(db, "offenders") == 2


def test_a_step_looks_at_no_more_rows_than_told_and_the_next_goes_on_from_there(
    db: sqlite3.Connection,
) -> None:
    for n in range(10):
        add(db, 5, float("inf") if n < 4 else 6.0, subject=b"%d" % n)
    sweep = Sweep(AGE)
    left = []
    for _ in range(4):
        sweep.step(db, NOW, rows=4)
        left.append(count(db, "bans"))
    assert left == [6, 4, 4, 4]


def test_between_two_rounds_there_is_a_rest(db: sqlite3.Connection) -> None:
    sweep = Sweep(AGE)
    sweep.step(db, NOW)
    add(db, 5, 6)
    sweep.step(db, Instant(NOW + REST - 1))
    assert count(db, "bans") == 1
    sweep.step(db, Instant(NOW + REST))
    assert count(db, "bans") == 0


def test_a_clock_that_is_set_back_does_not_stop_the_sweeping(db: sqlite3.Connection) -> None:
    sweep = Sweep(AGE)
    sweep.step(db, Instant(NOW + 1e9))
    add(db, 5, 6)
    sweep.step(db, NOW)
    assert count(db, "bans") == 0


def test_the_round_ends_with_exemptions_that_are_over(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO exemptions VALUES (x'01', ?, x''), (x'02', ?, x'')", (NOW, NOW + 1))
    Sweep(AGE).step(db, NOW)
    assert count(db, "exemptions") == 1


def test_only_so_many_cursors_are_remembered_the_latest(db: sqlite3.Connection) -> None:
    rows = [(b"%d" % n, n) for n in range(CURSORS + 2)]
    db.executemany("INSERT INTO cursors VALUES (?, x'', ?)", rows)
    Sweep(AGE).step(db, NOW)
    assert count(db, "cursors") == CURSORS
    assert db.execute("SELECT min(saved) FROM cursors").fetchone() == (2,)
