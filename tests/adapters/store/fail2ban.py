"""Writes databases as fail2ban's releases left them, in each of the four versions of their schema."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

_SINCE_ANY = """
CREATE TABLE fail2banDb (version INTEGER);
CREATE TABLE jails (name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 1);
CREATE TABLE logs (
  jail TEXT NOT NULL, path TEXT, firstlinemd5 TEXT, lastfilepos INTEGER DEFAULT 0, UNIQUE (jail, path)
);
"""

_BANS_BEFORE_3 = "CREATE TABLE bans (jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, data JSON);"
_BANS_SINCE_3 = """
CREATE TABLE bans (
  jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,
  bancount INTEGER NOT NULL DEFAULT 1, data JSON
);
"""
_BIPS_SINCE_4 = """
CREATE TABLE bips (
  ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,
  bancount INTEGER NOT NULL DEFAULT 1, data JSON, PRIMARY KEY (ip, jail)
);
"""

Row = tuple[Any, Any, Any, Any, Any, Any]


def row(
    who: Any = "192.0.2.7",
    at: Any = 1_700_000_000,
    seconds: Any = 600,
    count: Any = 1,
    *,
    jail: Any = "sshd",
    data: Any = None,
) -> Row:
    """Return one ban as fail2ban writes it: jail, address, when, how long, the how manieth, details."""
    details = {"matches": ["a line"], "failures": 5} if data is None else data
    packed = json.dumps(details, ensure_ascii=False).encode() if isinstance(details, dict) else details
    return jail, who, at, seconds, count, packed


def write(
    path: Path,
    bans: Iterable[Row] = (),
    *,
    latest: Iterable[Row] | None = None,
    logs: Sequence[tuple[str, Any, Any, Any]] = (),
    version: Any = 4,
) -> Path:
    """Write a database; `latest` are the rows of `bips`, by default the last of each address."""
    bans = list(bans)
    number = version if isinstance(version, int) else 4
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_SINCE_ANY + (_BANS_BEFORE_3 if number < 3 else _BANS_SINCE_3))
        db.execute("INSERT INTO fail2banDb VALUES (?)", (version,))
        db.executemany("INSERT INTO logs VALUES (?, ?, ?, ?)", logs)
        if number < 3:
            db.executemany("INSERT INTO bans VALUES (?, ?, ?, ?)", [(*each[:3], each[5]) for each in bans])
        else:
            db.executemany("INSERT INTO bans VALUES (?, ?, ?, ?, ?, ?)", bans)
        if number >= 4:
            db.executescript(_BIPS_SINCE_4)
            db.executemany(
                "INSERT OR REPLACE INTO bips (jail, ip, timeofban, bantime, bancount, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                bans if latest is None else list(latest),
            )
        db.commit()
    return path
