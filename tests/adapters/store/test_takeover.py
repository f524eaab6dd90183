from __future__ import annotations

from hashlib import sha1
from pathlib import Path

import pytest
from tests.adapters.store.fail2ban import row, write

from banish.adapters.sources.position import decode
from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.adapters.store.takeover import USUAL, Taken, places, take_over
from banish.core.errors import StoreError
from banish.core.model import Ban, Cursor, Instant, Offender, Place, Save, Seconds, Subject

NOW = Instant(1_700_000_000.0)
WHO = Subject("192.0.2.7")


@pytest.fixture
def store() -> SqliteStore:
    return MemoryStore(NOW)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "auth.log"
    path.write_bytes(b"one\ntwo\nthree\n")
    return path


def first_line(path: Path) -> str:
    return sha1(path.read_bytes().split(b"\n")[0] + b"\n", usedforsecurity=False).hexdigest()


def at(seconds: float) -> Instant:
    return Instant(NOW + seconds)


def test_bans_positions_and_history_become_ours(tmp_path: Path, store: SqliteStore, log: Path) -> None:
    bans = [
        row(at=NOW - 5000, count=1),
        row(at=NOW - 100, seconds=1200, count=2),
        row("198.51.100.1", at=NOW - 5000),
        row(b"odd"),
    ]
    path = write(tmp_path / "f2b", bans, logs=[("sshd", str(log), first_line(log), 8)])
    assert Taken(4, 1, 2, 1, 3, 1) == take_over(path, store, NOW)
    assert [(WHO, at(1100), 2)] == [(ban.subject, ban.until, ban.count) for ban in store.bans(NOW)]
    assert [at(1100), at(-4400)] == [ban.until for ban in store.history(WHO, 10)]
    assert {("192.0.2.7", 2), ("198.51.100.1", 1)} == {(e.subject, e.count) for e in store.offenders(10)}
    [position] = decode(store.cursors()[str(log)].position)
    assert (8, log.stat().st_ino) == (position.offset, position.inode)


def test_a_second_time_changes_nothing(tmp_path: Path, store: SqliteStore, log: Path) -> None:
    path = write(tmp_path / "f2b", [row(at=NOW)], logs=[("sshd", str(log), first_line(log), 8)])
    take_over(path, store, NOW)
    store.save(Save(released=(Place("sshd", WHO),), cursors=(Cursor(str(log), "ours"),)), at(60))
    assert Taken(4, 1, 0, 1, 0, 0) == take_over(path, store, at(120))
    assert [] == list(store.bans(at(120)))
    assert Cursor(str(log), "ours") == store.cursors()[str(log)]


def test_what_was_taken_over_is_remembered(tmp_path: Path, store: SqliteStore) -> None:
    path = write(tmp_path / "f2b")
    assert not store.has_taken(str(path))
    take_over(path, store, NOW)
    assert store.has_taken(str(path))


def test_a_ban_of_ours_that_is_newer_goes_on(tmp_path: Path, store: SqliteStore) -> None:
    ours = Ban("sshd", WHO, at(-100), at(900), 5, count=4)
    store.save(Save(bans=(ours,)), NOW)
    take_over(write(tmp_path / "f2b", [row(at=NOW - 500, seconds=-1, count=3)]), store, NOW)
    assert [ours] == list(store.bans(NOW))
    assert [at(900), at(-100)] == [ban.until for ban in store.history(WHO, 10)]
    assert [Offender("sshd", WHO, 4, at(-100))] == list(store.offenders(10))


def test_bans_that_do_not_tell_last_as_long_as_their_jail_bans(tmp_path: Path, store: SqliteStore) -> None:
    path = write(tmp_path / "f2b", [row(at=NOW - 60)], version=2)
    take_over(path, store, NOW, {"sshd": Seconds(3600)})
    assert [at(3540)] == [ban.until for ban in store.bans(NOW)]


def test_a_log_that_cannot_be_found_has_no_position(tmp_path: Path, store: SqliteStore, log: Path) -> None:
    path = write(tmp_path / "f2b", logs=[("sshd", str(log), "0" * 40, 8), ("x", "/missing", "0" * 40, 8)])
    assert 0 == take_over(path, store, NOW).logs
    assert {} == store.cursors()


def test_one_log_has_one_position(tmp_path: Path, store: SqliteStore, log: Path) -> None:
    older = tmp_path / "auth.log.1"
    older.write_bytes(b"zero\n")
    logs = [("a", str(log), first_line(log), 4), ("b", str(log), first_line(older), 5)]
    assert 1 == take_over(write(tmp_path / "f2b", logs=logs), store, NOW).logs


def test_nothing_is_taken_of_a_file_that_breaks_off(tmp_path: Path, store: SqliteStore) -> None:
    path = write(tmp_path / "f2b", [row(f"192.0.2.{n}") for n in range(256)])
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 4096)
    with pytest.raises(StoreError, match=f"^{path}: "):
        take_over(path, store, NOW)
    assert [] == list(store.bans(NOW))
    assert not store.has_taken(str(path))


def test_ours_goes_where_it_usually_is_if_fail2bans_stands_in_the_configuration(tmp_path: Path) -> None:
    theirs = write(tmp_path / "f2b")
    assert (Path("/var/lib/banish/banish.sqlite3"), theirs) == places(str(theirs))
    assert (tmp_path / "ours", USUAL) == places(str(tmp_path / "ours"))
