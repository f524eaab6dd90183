from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from banish.adapters.store.schema import upgrade
from banish.adapters.store.sweep import CURSORS, REST, SPARE_PAGES, STEP_PAGES, Sweep
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


# --------------------------------------------------------------------------------------------- bounds


def offend(db: sqlite3.Connection, last: float, seconds: float, subject: bytes = b"t") -> None:
    db.execute("INSERT INTO offenders VALUES (?, 1, 1, ?, ?)", (subject, last, last + 3 * seconds))


def test_what_takes_too_much_room_goes_as_soon_as_it_is_over(db: sqlite3.Connection) -> None:
    add(db, NOW - 10, NOW - 1, b"over")
    add(db, NOW - 10, NOW + 1, b"in force")
    offend(db, NOW - 10, 9, b"over")
    offend(db, NOW - 10, 11, b"in force")
    offend(db, NOW - 10, float("inf"), b"for good")
    Sweep(AGE, most_bytes=1).step(db, NOW)
    assert db.execute("SELECT subject FROM bans").fetchall() == [(b"in force",)]
    assert count(db, "evidence") == 1
    assert {b"in force", b"for good"} == {who for (who,) in db.execute("SELECT subject FROM offenders")}


def test_the_oldest_goes_first_and_no_more_than_has_to(db: sqlite3.Connection) -> None:
    for n in range(100):
        add(db, NOW - 500 + n, NOW - 100, b"%04d" % n)  # each of 78 bytes
    sweep = Sweep(AGE, most_bytes=78 * 70)
    for _ in range(100):
        sweep.step(db, NOW, rows=10)
    assert count(db, "bans") == 70
    assert db.execute("SELECT min(subject) FROM bans").fetchone() == (b"0030",)


def test_too_much_ends_a_rest_once(db: sqlite3.Connection) -> None:
    sweep = Sweep(AGE, most_bytes=100)
    sweep.step(db, NOW)
    for n in range(2):
        add(db, NOW - 10, NOW - 1, b"%d" % n)
    sweep.step(db, NOW)
    assert count(db, "bans") == 0
    for n in range(2):
        add(db, NOW - 10, NOW + 5, b"%d" % n)
    for _ in range(3):
        sweep.step(db, NOW)
    assert count(db, "bans") == 2


def test_free_pages_are_given_back_a_few_at_a_time() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        upgrade(db, "x")
        db.execute("CREATE TABLE filler (x)")
        db.execute("INSERT INTO filler VALUES (zeroblob(4096 * (? + 40)))", (SPARE_PAGES,))
        db.execute("DROP TABLE filler")
        sweep, left = Sweep(AGE), []
        for _ in range(5):
            sweep.step(db, NOW)
            left.append(db.execute("PRAGMA freelist_count").fetchone()[0] - SPARE_PAGES)
        assert STEP_PAGES == left[0] - left[1]
        assert left[-1] == 0
