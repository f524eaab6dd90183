"""One connection to one SQLite file: opened, checked, healed, and opened anew when it has to be.

The file belongs to this process alone (`locking_mode = EXCLUSIVE`): a second daemon cannot start on it, and
SQLite needs no shared memory, so a truncated `-shm` cannot kill us with SIGBUS and every file system will do.
A commit is safe from a crash of this process at once, from a loss of power at the next checkpoint; cursors
are in the same transaction as what was found before them, so lines whose bans were lost are read again.
A checkpoint waits for the disk, so it is work for a thread; SQLite makes its own only where none came.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Final, cast

from banish.adapters.store.faults import is_damage, is_passing, translated
from banish.adapters.store.files import Identity, identity, move_aside, prepare
from banish.adapters.store.schema import is_ours, upgrade
from banish.core.errors import StoreError
from banish.core.model import NEVER, Instant, Seconds

BUSY_SECONDS: Final = 0.25  # the loop waits for us; nobody else has business in this file

_SETTINGS: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA journal_size_limit = 0;
PRAGMA cache_size = -2048;
PRAGMA wal_autocheckpoint = 4096;
"""
_LARGE: Final = 4_194_304  # bytes that were saved since the last checkpoint
_LONG: Final = Seconds(60)  # since then; what is saved later is at once as safe as can be

_INCREMENTAL: Final = 2


class _UnusableError(sqlite3.DatabaseError):
    """The file is a database, but not ours, or no longer whole."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


class Database:
    """A connection that outlives trouble: after an error it is opened anew by the next use."""

    def __init__(self, path: Path | None, now: Instant) -> None:
        """Open `path`, or a database in memory; `now` dates the name of a file that is moved aside."""
        self.name = "memory" if path is None else str(path)
        self.recovered: str | None = None
        self._path = path
        self._now = now
        self._files: tuple[Identity | None, ...] = ()
        self._is_clean = True  # nothing was left unsaved in this run
        self._checkpoint_at = NEVER
        self._has_more = False  # than at the last checkpoint
        self._lock = RLock()
        self._db: sqlite3.Connection | None = None
        self._is_closed = False
        with translated(self.name):
            self.was_clean = self._connect()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for statements that are fetched at once."""
        with self._lock, translated(self.name):
            db = self._connection()
            try:
                yield db
            except BaseException as error:
                self._after(error, db)
                raise

    @contextmanager
    def writing(self, now: Instant) -> Iterator[sqlite3.Connection]:
        """Lend the connection for one transaction: committed at the end, undone by any error."""
        self._now = now
        is_clean, self._is_clean = self._is_clean, False
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
            self._has_more = True
        self._is_clean = is_clean

    @property
    def is_checkpoint_due(self) -> bool:
        """Whether what was saved last is much, or the last checkpoint long ago."""
        if self._path is None or not self._has_more:
            return False
        if not 0 <= self._now - self._checkpoint_at < _LONG:
            return True
        with suppress(OSError):
            return _log_of(self._path).stat().st_size >= _LARGE
        return False

    def checkpoint(self) -> None:
        """Write back into the file what was saved; takes as long as the disk, and others wait meanwhile.

        What cannot be written back now will be the next time.
        """
        with self._lock, suppress(sqlite3.Error):
            self._checkpoint_at, self._has_more = self._now, False
            if self._db is not None:
                self._db.execute("PRAGMA wal_checkpoint").fetchone()
                # what is saved first after it waits as well: for the head of the log
                self._db.execute("UPDATE run SET is_clean = 0")

    def close(self) -> None:
        """Close, and leave word whether all that should have been saved was."""
        with self._lock:
            db, self._db = self._db, None
            if self._is_closed or db is None:
                self._is_closed = True
                return
            self._is_closed = True
            with suppress(sqlite3.Error):  # without the word, the next start only looks more closely
                if self._is_clean:
                    db.execute("UPDATE run SET is_clean = 1")
                db.close()

    def _after(self, error: BaseException, db: sqlite3.Connection) -> None:
        """Undo what was begun. A connection that cannot, or whose file is in doubt, is given up."""
        with suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        if self._path is not None and not is_passing(error):
            self._give_up(db)

    def _give_up(self, db: sqlite3.Connection) -> None:
        self._db = None
        with suppress(sqlite3.Error):
            db.close()

    def _connection(self) -> sqlite3.Connection:
        """Return the connection, after making sure that its file still stands where it should."""
        if self._is_closed:
            raise StoreError(f"{self.name}: the store is closed")
        if self._db is not None and self._path is not None and identity(self._path) != self._files[0]:
            self._follow(self._db, self._path)
        if self._db is None:
            self._connect()
        return cast("sqlite3.Connection", self._db)

    def _follow(self, db: sqlite3.Connection, path: Path) -> None:
        """Write a deleted file anew out of the connection, which still has it all; take up a new one."""
        if identity(_log_of(path)) == self._files[1]:
            _log_of(path).unlink()  # it belongs to the old file, and SQLite would apply it to any other
        if identity(path) is None:
            prepare(path)
            with closing(sqlite3.connect(path)) as copy:
                db.backup(copy)
            self.recovered = f"{self.name} was deleted while in use; it is written anew, nothing is lost"
        else:
            self.recovered = f"{self.name} was replaced while in use; the new file is used from now on"
        self._give_up(db)

    def _connect(self) -> bool:
        """Open the file and begin a run on it; say whether the run before was clean."""
        db = self._open()
        try:
            (was_clean,) = db.execute("SELECT is_clean FROM run").fetchone()
            db.execute("UPDATE run SET is_clean = 0")
        except BaseException:
            db.close()
            raise
        if self._path is not None:
            self._files = identity(self._path), identity(_log_of(self._path))
        self._db = db
        return bool(was_clean)

    def _open(self) -> sqlite3.Connection:
        if self._path is None:
            return self._begin(":memory:")
        prepare(self._path)
        try:
            return self._begin(self._path)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            moved = move_aside(self._path, self._now)
            self.recovered = f"{self.name} could not be used ({error}); moved to {moved}, a new one is begun"
            prepare(self._path)
            return self._begin(self._path)

    def _begin(self, target: Path | str) -> sqlite3.Connection:
        db = sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
            _examine(db)
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # has to stand before the first table
            upgrade(db, self.name)
            _make_shrinkable(db)
            db.executescript(_SETTINGS)
        except BaseException:
            db.close()
            raise
        return db


def _examine(db: sqlite3.Connection) -> None:
    """Raise for a file that is not ours or not whole; 0.3 s for a million bans."""
    if not is_ours(db):
        raise _UnusableError("it is the database of another program")
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _UnusableError(verdict)


def _make_shrinkable(db: sqlite3.Connection) -> None:
    """Write a file of an older version anew, once, so that it can give back pages; 1 s for a million bans."""
    if db.execute("PRAGMA auto_vacuum").fetchone() != (_INCREMENTAL,):
        with suppress(sqlite3.Error):  # no room for a second copy: then the file only does not shrink
            db.execute("VACUUM")


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")
