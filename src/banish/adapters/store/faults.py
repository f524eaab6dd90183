"""What SQLite and the system say, translated once into what the operator can do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from banish.core.errors import StoreError

_ACCESS: Final = "check the owner, the mode and the mount of the file and its directory"
_DAMAGE: Final = "the file is damaged; it is moved aside, and a new one begun, when it is opened next"

_CURES: Final = {
    sqlite3.SQLITE_FULL: "free some space on its file system",
    sqlite3.SQLITE_BUSY: "stop the other process that uses it (fuser names it)",
    sqlite3.SQLITE_LOCKED: "stop the other process that uses it (fuser names it)",
    sqlite3.SQLITE_READONLY: _ACCESS,
    sqlite3.SQLITE_PERM: _ACCESS,
    sqlite3.SQLITE_CANTOPEN: _ACCESS,
    sqlite3.SQLITE_IOERR: "look for disk errors in the kernel's log (dmesg)",
    sqlite3.SQLITE_CORRUPT: _DAMAGE,
    sqlite3.SQLITE_NOTADB: _DAMAGE,
}

_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PASSING: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def code_of(error: BaseException) -> int | None:
    """Return SQLite's primary result code of an error, if it has one."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is broken, so that only another one helps."""
    return code_of(error) in _DAMAGED


def is_passing(error: BaseException) -> bool:
    """Whether the connection is as good as before: only this one change was refused."""
    return not isinstance(error, sqlite3.Error) or code_of(error) in _PASSING


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn every foreign error into a `StoreError` that names the file and the cure."""
    try:
        yield
    except sqlite3.Error as error:
        cure = _CURES.get(code_of(error) or 0, "restart banish; if it stays, move the file away")
        raise StoreError(f"{name}: {error}; {cure}") from error
    except OSError as error:
        raise StoreError(f"{name}: {error.strerror or error}; {_ACCESS}") from error
    except ValueError as error:
        raise StoreError(f"{name}: {error}; move the file away to begin a new one") from error
