from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.store.fail2ban import Row, row, write

from banish.adapters.store import legacy
from banish.adapters.store.legacy import UNKNOWN_RULE, Reach, is_legacy, opened
from banish.adapters.store.sqlite import SqliteStore
from banish.core.errors import StoreError
from banish.core.model import NEVER, Ban, Evidence, Instant, Origin, Seconds, Subject

AT = Instant(1_700_000_000.0)
NO_LENGTHS: Mapping[str, Seconds] = {}


def read(path: Path, lengths: Mapping[str, Seconds] = NO_LENGTHS) -> list[Ban | None]:
    with opened(path) as database:
        return list(database.bans(lengths))


def one(tmp_path: Path, each: Row) -> Ban | None:
    [ban] = read(write(tmp_path / "f2b.sqlite3", latest=[each]))
    return ban


# ------------------------------------------------------------------------------------------------ bans


def test_a_ban_is_read_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    data = {"matches": [["x ", "Nov 14", " y"], "as it is"], "failures": 7, "user": "anna"}
    expected = Ban(
        "sshd",
        Subject("192.0.2.7"),
        AT,
        Instant(AT + 600),
        7,
        3,
        Origin.LOG,
        (Evidence(AT, UNKNOWN_RULE, ("x Nov 14 y",)), Evidence(AT, UNKNOWN_RULE, ("as it is",))),
    )
    assert expected == one(tmp_path, row(count=3, data=data))


def test_lines_of_one_failure_are_lines(tmp_path: Path) -> None:
    ban = one(tmp_path, row(data={"matches": ["one\ntwo"], "failures": 1}))
    assert ban is not None
    assert [("one", "two")] == [each.lines for each in ban.evidence]


def test_a_ban_without_failures_was_a_persons(tmp_path: Path) -> None:
    ban = one(tmp_path, row(data={"matches": [], "failures": 0}))
    assert ban is not None
    assert (Origin.PERSON, "with fail2ban") == (ban.origin, ban.reason)


@pytest.mark.parametrize("seconds", [-1, -3, 1e300])
def test_a_ban_may_be_for_good(tmp_path: Path, seconds: float) -> None:
    ban = one(tmp_path, row(seconds=seconds))
    assert ban is not None
    assert NEVER == ban.until


def test_a_ban_may_take_a_fraction_of_a_second(tmp_path: Path) -> None:
    ban = one(tmp_path, row(seconds=601.5))
    assert ban is not None
    assert AT + 601.5 == ban.until


@pytest.mark.parametrize(("text", "subject"), [("2001:DB8::1", "2001:db8::1"), ("anna", "anna")])
def test_addresses_take_the_form_they_have_here(tmp_path: Path, text: str, subject: str) -> None:
    ban = one(tmp_path, row(text))
    assert ban is not None
    assert subject == ban.subject


@pytest.mark.parametrize(
    "odd",
    [
        row(b"192.0.2.7"),
        row(""),
        row(jail=""),
        row(jail=b"sshd"),
        row(at="yesterday"),
        row(at=-1),
        row(at=1e18),
        row(seconds="long"),
    ],
    ids=str,
)
def test_a_row_that_makes_no_sense_is_nothing(tmp_path: Path, odd: Row) -> None:
    assert one(tmp_path, odd) is None


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        "null",
        5,
        {"matches": 5, "failures": "many"},
        {"matches": [], "failures": -2},
        b'{"matches": ["' + b"x" * 1_048_576 + b'"], "failures": 5}',
    ],
    ids=lambda data: repr(data)[:20],
)
def test_details_that_cannot_be_read_cost_only_the_details(tmp_path: Path, data: Any) -> None:
    ban = one(tmp_path, row(data=data))
    assert ban is not None
    assert (0, ()) == (ban.failures, ban.evidence)


def test_text_that_is_no_unicode_is_shown_as_far_as_it_is(tmp_path: Path) -> None:
    ban = one(tmp_path, row(data=b'{"matches": ["a\xffb"], "failures": 1}'))
    assert ban is not None
    assert ("a\ufffdb",) == ban.evidence[0].lines


def test_details_may_be_text(tmp_path: Path) -> None:
    ban = one(tmp_path, row(data=json.dumps({"failures": 3})))
    assert ban is not None
    assert 3 == ban.failures


@pytest.mark.parametrize("count", [0, "x", -5])
def test_the_number_of_a_ban_is_at_least_one(tmp_path: Path, count: Any) -> None:
    ban = one(tmp_path, row(count=count))
    assert ban is not None
    assert 1 == ban.count


def test_bans_come_oldest_first_and_each_once(tmp_path: Path) -> None:
    first, second, third = row(at=100), row(at=200, count=2), row("192.0.2.8", at=150)
    path = write(tmp_path / "f2b.sqlite3", [third, second, first], latest=[second, third])
    assert [100, 150, 200] == [int(ban.at) for ban in read(path) if ban]


# --------------------------------------------------------------------------------------------- schemas


@pytest.mark.parametrize(("version", "count"), [(1, 1), (2, 1), (3, 4), (4, 4)])
def test_every_version_of_the_schema_is_read(tmp_path: Path, version: int, count: int) -> None:
    path = write(tmp_path / "f2b.sqlite3", [row(count=4)], version=version)
    with opened(path) as database:
        [ban] = database.bans({"sshd": Seconds(600)})
    assert ban is not None
    assert (version, 5, count, AT + 600) == (database.version, ban.failures, ban.count, ban.until)


def test_a_ban_of_unknown_length_is_over_where_nobody_says_how_long_its_jail_bans(tmp_path: Path) -> None:
    [ban] = read(write(tmp_path / "f2b.sqlite3", [row()], version=1))
    assert ban is not None
    assert AT == ban.until


@pytest.mark.parametrize("version", [0, 5, "4?", None])
def test_a_version_nobody_knows_is_an_error(tmp_path: Path, version: Any) -> None:
    path = write(tmp_path / "f2b.sqlite3", version=version)
    with pytest.raises(StoreError, match=r"f2b.sqlite3: schema .*; this banish reads 1 to 4: update banish"):
        read(path)


# ------------------------------------------------------------------------------------------- positions


def test_of_jails_that_read_one_log_the_slowest_counts(tmp_path: Path) -> None:
    logs = [
        ("a", "/x.log", "f" * 40, 300),
        ("b", "/x.log", "f" * 40, 200),
        ("c", "systemd-journal", "2026-11-20T21:10:00", 1.5),
        ("d", None, None, None),
    ]
    with opened(write(tmp_path / "f2b.sqlite3", logs=logs)) as database:
        assert [Reach("/x.log", "f" * 40, 200)] == list(database.reaches())


# --------------------------------------------------------------------------- files that cannot be used


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file; name fail2ban's database"):
        read(tmp_path / "missing")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        read(tmp_path)


def test_a_file_of_something_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a letter, not a database; it is longer than the header of one" * 20)
    with pytest.raises(StoreError, match="not a database; it is damaged, or no database"):
        read(tmp_path / "x")


def test_a_database_of_another_program_is_an_error(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "ours", AT).close()
    with pytest.raises(StoreError, match=r"no database of fail2ban; name the file that its dbfile means"):
        read(tmp_path / "ours")


def test_an_empty_file_is_no_database_of_fail2ban(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(StoreError, match="no database of fail2ban"):
        read(tmp_path / "x")


def test_a_table_that_is_not_as_it_should_be_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "x")
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE bips RENAME COLUMN ip TO address")
    with pytest.raises(StoreError, match=r"no such column: .*; it is not as fail2ban writes it"):
        read(path)


def test_a_damaged_file_is_an_error_that_says_how_to_mend_it(tmp_path: Path) -> None:
    path = write(tmp_path / "x", [row(f"192.0.2.{n}") for n in range(256)])
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    with pytest.raises(StoreError, match=r"it is damaged; mend a copy \(sqlite3 FILE \.recover"):
        read(path)


def test_a_locked_file_is_an_error_that_says_whom_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "_BUSY_SECONDS", 0.0)
    path = write(tmp_path / "x")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = MEMORY").fetchone()  # as fail2ban has it: no file beside
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="database is locked; stop fail2ban first"):
            read(path)


def test_a_file_that_cannot_be_copied_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "x")
    (tmp_path / "x-wal").mkdir()
    with pytest.raises(StoreError, match=r"x: .*; check the owner and the mode"):
        read(path)


def test_a_file_that_changes_while_it_is_copied_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "x", [row()])
    (tmp_path / "x-journal").touch()

    def touching(source: Path, target: Path) -> None:
        shutil.copyfile(source, target)
        with path.open("ab") as file:
            file.write(b"\0")

    class Copier:
        copyfile = staticmethod(touching)

    monkeypatch.setattr(legacy, "shutil", Copier)
    with pytest.raises(StoreError, match="it is being written; stop fail2ban first"):
        read(path)


# -------------------------------------------------------------------------------------- nothing changes


def test_what_is_in_a_log_beside_the_file_counts_and_nothing_is_changed(tmp_path: Path) -> None:
    path = write(tmp_path / "f2b.sqlite3", [row("192.0.2.1")])
    folder = tmp_path / "seen"
    folder.mkdir()
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL").fetchone()
        writer.execute("INSERT INTO bans VALUES ('sshd', '192.0.2.2', 1700000001, 60, 1, NULL)")
        writer.commit()
        for name in ("f2b.sqlite3", "f2b.sqlite3-wal"):  # as a killed process leaves them
            shutil.copyfile(tmp_path / name, folder / name)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert ["192.0.2.1", "192.0.2.2"] == [ban.subject for ban in read(folder / "f2b.sqlite3") if ban]
    assert before == {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_file_on_its_own_is_read_as_it_lies(tmp_path: Path) -> None:
    path = write(tmp_path / "a?b#c %41", [row()])
    before = path.read_bytes()
    assert 1 == len(read(path))
    assert [path] == list(tmp_path.iterdir())
    assert before == path.read_bytes()


# ------------------------------------------------------------------------------------------ is it one?


def test_fail2bans_database_is_told_from_all_else(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "ours", AT).close()
    sqlite3.connect(tmp_path / "new").close()
    with closing(sqlite3.connect(tmp_path / "other")) as db:
        db.execute("CREATE TABLE fail2banDb (version)")
    assert is_legacy(write(tmp_path / "theirs"))
    assert [False] * 4 == [is_legacy(tmp_path / name) for name in ("ours", "new", "other", "missing")]
