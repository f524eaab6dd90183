from __future__ import annotations

import errno
import os
import sqlite3

import pytest

from banish.adapters.store.faults import code_of, is_damage, is_passing, translated
from banish.core.errors import StoreError


def refused(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cure", "error"),
    [
        ("free some space", refused(sqlite3.SQLITE_FULL)),
        ("stop the other process", refused(sqlite3.SQLITE_BUSY)),
        ("stop the other process", refused(sqlite3.SQLITE_BUSY_SNAPSHOT)),
        ("check the owner", refused(sqlite3.SQLITE_READONLY_DBMOVED)),
        ("check the owner", refused(sqlite3.SQLITE_CANTOPEN)),
        ("dmesg", refused(sqlite3.SQLITE_IOERR_WRITE)),
        ("damaged", refused(sqlite3.SQLITE_CORRUPT)),
        ("restart banish", sqlite3.ProgrammingError("odd")),
        ("check the owner", OSError(errno.EROFS, os.strerror(errno.EROFS))),
        ("check the owner", OSError("without a number")),
        ("move the file away", ValueError("no subject")),
    ],
)
def test_every_fault_names_the_file_and_the_cure(cure: str, error: Exception) -> None:
    with pytest.raises(StoreError, match=rf"^/a/b: .*; .*{cure}"), translated("/a/b"):
        raise error


def test_a_store_error_passes_unchanged() -> None:
    original = StoreError("/a/b: newer")
    with pytest.raises(StoreError) as caught, translated("/x"):
        raise original
    assert original is caught.value


def test_only_a_broken_file_is_damage_and_only_a_refusal_passes() -> None:
    assert is_damage(refused(sqlite3.SQLITE_NOTADB))
    assert not is_damage(refused(sqlite3.SQLITE_IOERR))
    assert not is_damage(ValueError())
    assert is_passing(refused(sqlite3.SQLITE_FULL))
    assert is_passing(ValueError())
    assert not is_passing(refused(sqlite3.SQLITE_IOERR))
    assert code_of(ValueError()) is None
