from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from banish.adapters.store.database import Database
from banish.adapters.store.files import prepare
from banish.adapters.store.schema import STEPS, upgrade
from banish.core.errors import StoreError
from banish.core.model import Instant

NOW = Instant(1_700_000_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lib" / "b.sqlite3"


def put(database: Database, text: str, *, size: int = 0, at: Instant = NOW) -> None:
    with database.writing(at) as db:
        db.execute("INSERT OR REPLACE INTO cursors VALUES (?, zeroblob(?), 0)", (text, size))


def texts(database: Database) -> list[str]:
    with database.reading() as db:
        return [text for (text,) in db.execute("SELECT source FROM cursors ORDER BY source")]


def test_the_file_and_all_beside_it_are_private(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    assert {0o600} == {S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    database.close()


# ---------------------------------------------------------------------------------------- checkpoints


def without_log(path: Path) -> list[str]:
    """Return what is in the file itself: what is left when the power fails before its log is on the disk."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as db:
        return [text for (text,) in db.execute("SELECT source FROM cursors ORDER BY source")]


def test_what_was_saved_is_in_the_file_itself_after_a_checkpoint(path: Path) -> None:
    database = Database(path, NOW)
    database.checkpoint()
    put(database, "a")
    assert [] == without_log(path)
    database.checkpoint()
    assert ["a"] == without_log(path) == texts(database)
    database.close()


def test_a_checkpoint_is_due_once_a_minute_if_something_was_saved(path: Path) -> None:
    database = Database(path, NOW)
    due: dict[int, bool] = {}
    for second in (0, 1, 59, 60, 61, 200, 10):  # the last: somebody has set the clock back
        put(database, str(second), at=Instant(NOW + second))
        due[second] = database.is_checkpoint_due
        if due[second]:
            database.checkpoint()
            assert not database.is_checkpoint_due
    assert [0, 60, 200, 10] == [second for second, is_due in due.items() if is_due]
    database.close()


def test_a_checkpoint_is_due_sooner_when_much_was_saved(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    for name in "bc":
        database.checkpoint()
        put(database, "little", at=Instant(NOW + 1))
        assert not database.is_checkpoint_due
        put(database, name, at=Instant(NOW + 1), size=5_000_000)
        assert database.is_checkpoint_due
    database.close()


def test_a_checkpoint_of_a_file_that_is_in_trouble_does_no_harm(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    path.unlink()
    database.checkpoint()
    put(database, "b")
    assert ["a", "b"] == texts(database)
    database.close()
    database.checkpoint()


def test_in_memory_no_checkpoint_is_due() -> None:
    database = Database(None, NOW)
    put(database, "a")
    assert not database.is_checkpoint_due


# -------------------------------------------------------------------------------------- was it clean?


def test_a_new_file_was_not_clean(path: Path) -> None:
    database = Database(path, NOW)
    assert not database.was_clean
    database.close()


def test_a_run_that_was_closed_was_clean(path: Path) -> None:
    Database(path, NOW).close()
    database = Database(path, NOW)
    assert database.was_clean
    assert database.recovered is None
    database.close()


def test_a_run_that_was_not_closed_was_not_clean(path: Path) -> None:
    Database(path, NOW).close()
    open_it = "import os,sys,pathlib; from banish.adapters.store.database import Database;"
    subprocess.run(
        [sys.executable, "-c", f"{open_it} d = Database(pathlib.Path(sys.argv[1]), 0); os._exit(0)", path],
        check=True,
    )
    database = Database(path, NOW)
    assert not database.was_clean
    database.close()


def test_a_run_that_could_not_save_something_was_not_clean(path: Path) -> None:
    database = Database(path, NOW)
    with pytest.raises(StoreError), database.writing(NOW) as db:
        db.execute("no SQL")
    put(database, "a")
    database.close()
    database = Database(path, NOW)
    assert not database.was_clean
    database.close()


# -------------------------------------------------------------------------------- files that are no use


@pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000, b"short"])
def test_a_file_that_is_no_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    database = Database(path, NOW)
    put(database, "a")
    moved = path.with_name("b.sqlite3.broken-20231114-221320")
    assert content == moved.read_bytes()
    assert database.recovered is not None
    assert database.recovered.endswith(f"moved to {moved}, a new one is begun")
    assert not database.was_clean
    database.close()


def test_the_database_of_another_program_is_moved_aside_untouched(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE fail2banDb (version INTEGER)")
        foreign.commit()
    before = path.read_bytes()
    database = Database(path, NOW)
    assert before == path.with_name("b.sqlite3.broken-20231114-221320").read_bytes()
    assert database.recovered is not None
    assert "another program" in database.recovered
    database.close()


def test_a_database_that_is_damaged_inside_is_moved_aside(path: Path) -> None:
    database = Database(path, NOW)
    for n in range(200):
        put(database, f"{n:03}", size=500)
    database.close()
    with path.open("r+b") as file:
        file.seek(12 * 4096)
        file.write(b"\xa5" * 4096 * 6)
    database = Database(path, NOW)
    assert texts(database) == []
    assert database.recovered is not None
    database.close()


def test_damage_found_while_running_is_healed_by_the_next_use(path: Path) -> None:
    database = Database(path, NOW)
    for n in range(2000):
        put(database, f"{n:04}", size=2000)
    with path.open("r+b") as file:  # beyond what is cached; more than the log holds
        file.seek(4096 * 20)
        file.write(b"\xa5" * (path.stat().st_size - 4096 * 20))
    with database.reading() as db:
        db.execute("PRAGMA shrink_memory")
    with pytest.raises(StoreError, match="damaged"):
        texts(database)
    assert texts(database) == []
    assert database.recovered is not None
    database.close()


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="update banish"):
        Database(path, NOW)
    assert before == path.read_bytes()


def test_a_directory_in_place_of_the_file_is_a_store_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=rf"^{path}: .*; check the owner"):
        Database(path, NOW)


def test_a_file_in_place_of_the_directory_is_a_store_error(path: Path) -> None:
    path.parent.touch()
    with pytest.raises(StoreError, match=rf"^{path}: .*; check the owner"):
        Database(path, NOW)


# ------------------------------------------------------------------------------------------- trouble


def test_a_full_disk_is_a_store_error_and_passes_with_its_cause(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    with database.reading() as db:
        db.execute("PRAGMA max_page_count = 20")
    with pytest.raises(StoreError, match="free some space"):
        put(database, "b", size=1_000_000)
    assert texts(database) == ["a"]
    with database.reading() as db:
        db.execute("PRAGMA max_page_count = 100000")
    put(database, "b", size=1_000_000)
    assert texts(database) == ["a", "b"]
    database.close()


ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from banish.adapters.store.database import Database
from banish.core.errors import StoreError
disk = Path(sys.argv[1])
database = Database(disk / "b.sqlite3", 0)
def put(text):
    with database.writing(0) as db:
        db.execute("INSERT INTO cursors VALUES (?, zeroblob(30000), 0)", (text,))
put("a")
ballast = open(disk / "ballast", "wb", buffering=0)
try:
    while ballast.write(bytes(4096)) == 4096: pass
except OSError: pass
try: put("b")
except StoreError as error: print(error)
(disk / "ballast").unlink(); ballast.close()
put("c")
with database.reading() as db:
    print([text for (text,) in db.execute("SELECT source FROM cursors ORDER BY source")])
database.close()
print(Database(disk / "b.sqlite3", 0).was_clean)
"""


@pytest.mark.root
@pytest.mark.slow
def test_a_file_system_that_is_really_full_passes_too(tmp_path: Path) -> None:
    script = f'mount -t tmpfs -o size=512k tmpfs "{tmp_path}" && exec "$@"'
    program = [sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path)]
    command = ["unshare", "-Urm", "sh", "-c", script, "sh", *program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in result.stderr or "mount:" in result.stderr:
        pytest.skip(f"no private mounts here: {result.stderr.strip()}")
    error, left, clean = result.stdout.splitlines()
    assert f"{tmp_path}/b.sqlite3: database or disk is full; free some space on its file system" == error
    assert left == "['a', 'c']"
    assert clean == "False"


def remove(path: Path) -> None:
    for each in path.parent.iterdir():
        each.unlink()
    path.parent.rmdir()


def test_a_file_deleted_without_its_log_is_written_anew_too(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    path.unlink()
    put(database, "b")
    database.close()
    database = Database(path, NOW)
    assert texts(database) == ["a", "b"]
    database.close()


def test_a_deleted_file_is_written_anew_with_all_that_was_in_it(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    remove(path)
    put(database, "b")
    assert texts(database) == ["a", "b"]
    assert database.recovered is not None
    assert "nothing is lost" in database.recovered
    assert S_IMODE(path.stat().st_mode) == 0o600
    database.close()
    database = Database(path, NOW)
    assert texts(database) == ["a", "b"]
    database.close()


def test_a_deleted_file_that_cannot_be_written_anew_is_tried_again(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    remove(path)
    path.parent.touch()
    with pytest.raises(StoreError, match="check the owner"):
        put(database, "b")
    path.parent.unlink()
    put(database, "c")
    assert texts(database) == ["a", "c"]
    database.close()


def test_a_file_put_in_the_place_of_ours_is_taken_up(path: Path, tmp_path: Path) -> None:
    other = Database(tmp_path / "other", NOW)
    put(other, "o")
    other.close()
    database = Database(path, NOW)
    put(database, "a")
    (tmp_path / "other").rename(path)
    assert texts(database) == ["o"]
    assert database.recovered is not None
    assert "replaced" in database.recovered
    database.close()


def test_a_file_in_use_by_another_is_a_store_error(path: Path) -> None:
    first = Database(path, NOW)
    put(first, "a")
    with pytest.raises(StoreError, match=rf"^{path}: database is locked; stop the other process"):
        Database(path, NOW)
    first.close()
    Database(path, NOW).close()


def lose(database: Database) -> None:
    assert database._db is not None
    database._db.close()
    with pytest.raises(StoreError, match="restart banish"):
        texts(database)


def test_a_connection_lost_to_an_error_is_opened_anew(path: Path) -> None:
    database = Database(path, NOW)
    put(database, "a")
    lose(database)
    put(database, "b")
    assert texts(database) == ["a", "b"]
    database.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_a_store_error(path: Path) -> None:
    prepare(path)
    path.chmod(0o400)
    with pytest.raises(StoreError, match="check the owner"):
        Database(path, NOW)


def test_an_error_that_is_not_of_sqlite_undoes_the_transaction_too(path: Path) -> None:
    database = Database(path, NOW)
    with pytest.raises(StoreError):
        put(database, "\ud800")
    assert texts(database) == []
    database.close()


def test_a_disk_that_is_full_from_the_start_is_a_store_error(path: Path) -> None:
    Database(path, NOW).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TRIGGER refuse BEFORE UPDATE ON run BEGIN SELECT raise(ABORT, 'disk full'); END")
    with pytest.raises(StoreError, match="disk full"):
        Database(path, NOW)


def test_closing_without_a_connection_is_no_error(path: Path) -> None:
    database = Database(path, NOW)
    lose(database)
    database.close()
    with pytest.raises(StoreError, match="closed"):
        texts(database)


def mode_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA auto_vacuum").fetchone()[0])


def test_a_new_file_can_give_pages_back(path: Path) -> None:
    Database(path, NOW).close()
    assert 2 == mode_of(path)


def test_a_file_of_an_older_version_is_made_one_that_can(path: Path) -> None:
    prepare(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        upgrade(db, "x", STEPS[:1])
        db.execute("INSERT INTO cursors VALUES ('a', x'', 0)")
    database = Database(path, NOW)
    assert ["a"] == texts(database)
    database.close()
    assert 2 == mode_of(path)
