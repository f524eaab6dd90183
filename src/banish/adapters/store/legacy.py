"""fail2ban's own database, read and never changed: bans, and how far logs were read.

Its schema has four versions: before the third a ban does not tell how long it lasts, before the fourth there
is no table of the latest ban of each. A file that nobody has open is read as it lies; one with a log beside
it, which to read would mean to change, is copied first.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias

from banish.adapters.store.faults import code_of
from banish.adapters.store.schema import APPLICATION_ID
from banish.core.errors import StoreError
from banish.core.model import NEVER, Ban, Evidence, Instant, Origin, Seconds
from banish.core.subject import parse

VERSIONS: Final = range(1, 5)
UNKNOWN_RULE: Final = -1  # which expression matched is nowhere written down

_PERMANENT: Final = -1
_UNKNOWN: Final = -2  # "as long as the jail bans"
_DATA_BYTES: Final = 1_048_576  # of one ban: further ones are taken without their lines
_BUSY_SECONDS: Final = 5.0  # fail2ban writes for an instant at a time
_COMPANIONS: Final = ("-wal", "-journal")
_HEADER_BYTES: Final = 100  # source of what is where in it: sqlite.org/fileformat.html, section 1.3

_STOP: Final = "stop fail2ban first (systemctl stop fail2ban)"
_MEND: Final = 'it is damaged; mend a copy (sqlite3 FILE .recover | sqlite3 COPY) and "banish import COPY"'
_ACCESS: Final = "check the owner and the mode of the file and its directory"
_CURES: Final = {
    sqlite3.SQLITE_BUSY: _STOP,
    sqlite3.SQLITE_LOCKED: _STOP,
    sqlite3.SQLITE_CORRUPT: _MEND,
    sqlite3.SQLITE_NOTADB: "it is damaged, or no database; name fail2ban's, or begin without it",
    sqlite3.SQLITE_PERM: _ACCESS,
    sqlite3.SQLITE_READONLY: _ACCESS,
    sqlite3.SQLITE_CANTOPEN: _ACCESS,
    sqlite3.SQLITE_IOERR: "look for disk errors in the kernel's log (dmesg)",
}
_OTHER: Final = "it is not as fail2ban writes it; begin without it"

_LATEST: Final = 253_000_000_000  # of the year 9987: what is later has no date, and is never

_BANS_AND_LATEST: Final = """
SELECT jail, ip, timeofban, bantime, bancount, CASE WHEN length(data) <= ?1 THEN data END FROM bips
UNION ALL
SELECT jail, ip, timeofban, bantime, bancount, CASE WHEN length(data) <= ?1 THEN data END FROM bans
WHERE NOT EXISTS (
  SELECT 1 FROM bips
  WHERE bips.ip = bans.ip AND bips.jail = bans.jail AND bips.timeofban = bans.timeofban
)
ORDER BY timeofban
"""
_BANS: Final = """
SELECT jail, ip, timeofban, bantime, bancount, CASE WHEN length(data) <= ?1 THEN data END FROM bans
ORDER BY timeofban
"""
_BANS_ALONE: Final = """
SELECT jail, ip, timeofban, -2, 1, CASE WHEN length(data) <= ?1 THEN data END FROM bans ORDER BY timeofban
"""

Row: TypeAlias = "tuple[object, object, object, object, object, object]"
"""Of a ban: jail, address, when, seconds, number, details."""


class Reach(NamedTuple):
    """How far a jail read a log: the hash of its first line, and bytes from there."""

    path: str
    first: str
    offset: int


class Legacy:
    """One database of fail2ban, as it was at one moment."""

    def __init__(self, db: sqlite3.Connection, name: Path) -> None:
        """`db` is in a transaction; `StoreError` for what is no database of fail2ban, or of a newer one."""
        self._db = db
        self._name = name
        tables = {table for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"fail2banDb", "bans", "logs"} <= tables:
            raise StoreError(f"{name}: no database of fail2ban; name the file that its dbfile means")
        (self.version,) = db.execute("SELECT max(version) FROM fail2banDb").fetchone()
        if self.version not in VERSIONS:
            raise StoreError(
                f"{name}: schema {self.version}; this banish reads {VERSIONS[0]} to {VERSIONS[-1]}:"
                " update banish, or begin without it"
            )
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"{name}: {verdict}; {_MEND}")
        has_lengths = "bantime" in {row[1] for row in db.execute("PRAGMA table_info(bans)")}
        self._bans = _BANS_AND_LATEST if "bips" in tables else _BANS if has_lengths else _BANS_ALONE

    def bans(self, lengths: Mapping[str, Seconds]) -> Iterator[Ban | None]:
        """Yield every ban, the oldest first; nothing for one that makes no sense.

        `lengths` tells how long each jail bans, for bans that do not tell; without it they are over.
        """
        with _translated(self._name):  # here, as who asks may have a database of its own in hand
            for row in self._db.execute(self._bans, (_DATA_BYTES,)):
                yield _ban(row, lengths)

    def reaches(self) -> Iterator[Reach]:
        """Yield how far each log was read; of jails that read the same log, by the one that read least."""
        rows = self._db.execute(
            "SELECT path, firstlinemd5, min(lastfilepos) FROM logs GROUP BY path, firstlinemd5 ORDER BY path"
        )
        for path, first, offset in rows:
            if isinstance(path, str) and isinstance(first, str) and isinstance(offset, int):
                yield Reach(path, first, offset)


def is_legacy(path: Path) -> bool:
    """Whether this file is a database of fail2ban; false where that cannot be told."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        return False
    if not header.startswith(b"SQLite") or int.from_bytes(header[68:72]) == APPLICATION_ID:
        return False
    try:
        with opened(path):
            return True
    except StoreError:
        return False


@contextmanager
def opened(path: Path) -> Iterator[Legacy]:
    """Open a database of fail2ban; every error is a `StoreError` that names the file and the cure."""
    with ExitStack() as stack, _translated(path):
        target = _readable(path, stack)
        uri = f"{target.resolve().as_uri()}?mode=ro"
        db = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        stack.enter_context(closing(db))
        db.execute("BEGIN")
        yield Legacy(db, path)


def _readable(path: Path, stack: ExitStack) -> Path:
    """Return a file that can be read without changing anything: this one, or a copy of it."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file; name fail2ban's database")
    companions = [path.with_name(path.name + suffix) for suffix in _COMPANIONS]
    if not any(each.exists() for each in companions) and not _is_wal(path):
        return path
    before = _stamps([path, *companions])
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="banish-import-")))
    for each in (path, *companions):
        if each.exists():
            shutil.copyfile(each, folder / each.name)
    if _stamps([path, *companions]) != before:
        raise StoreError(f"{path}: it is being written; {_STOP}")
    with closing(sqlite3.connect(folder / path.name)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # what the log holds goes into the copy
    return folder / path.name


def _is_wal(path: Path) -> bool:
    """Whether a log belongs to the file, there or not."""
    with path.open("rb") as file:
        return b"\2" in file.read(_HEADER_BYTES)[18:20]


def _stamps(paths: list[Path]) -> list[tuple[int, int]]:
    there = [path.stat() for path in paths if path.exists()]
    return [(status.st_size, status.st_mtime_ns) for status in there]


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        cure = _CURES.get(code_of(error) or 0, _OTHER)
        raise StoreError(f"{path}: {error}; {cure}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; {_ACCESS}") from error


# ------------------------------------------------------------------------------------------ one ban


def _ban(row: Row, lengths: Mapping[str, Seconds]) -> Ban | None:
    jail, who, begun, length, count, details = row
    if not (isinstance(jail, str) and jail and isinstance(who, str) and who):
        return None
    if not (isinstance(begun, int | float) and isinstance(length, int | float) and 0 <= begun < _LATEST):
        return None
    at, (failures, lines) = Instant(float(begun)), _details(details)
    is_found = bool(failures or lines)
    return Ban(
        jail,
        parse(who),
        at,
        _until(at, lengths.get(jail, Seconds(0)) if length == _UNKNOWN else length),
        failures,
        count if isinstance(count, int) and count > 0 else 1,
        Origin.LOG if is_found else Origin.PERSON,
        tuple(Evidence(at, UNKNOWN_RULE, tuple(line.splitlines())) for line in lines),
        "" if is_found else "with fail2ban",
    )


def _until(at: Instant, length: float) -> Instant:
    return NEVER if length <= _PERMANENT or at + length >= _LATEST else Instant(at + length)


def _details(details: object) -> tuple[int, list[str]]:
    """Return the number of failures and their lines; nothing of what cannot be read."""
    if isinstance(details, bytes):
        details = details.decode("utf-8", "replace")
    try:
        known = json.loads(details) if isinstance(details, str) else None
    except (ValueError, RecursionError):
        known = None
    if not isinstance(known, dict):
        return 0, []
    failures, matches = known.get("failures"), known.get("matches")
    lines = [_line(each) for each in matches] if isinstance(matches, list) else []
    return (failures if isinstance(failures, int) and failures > 0 else 0), lines


def _line(match: object) -> str:
    """Return the line of a failure: as it is, or in three parts with the date in the middle."""
    return "".join(map(str, match)) if isinstance(match, list) else str(match)
