"""The file under the store: made private, watched for being swapped, moved aside when it is broken."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from banish.core.model import Instant

Identity: TypeAlias = "tuple[int, int]"

_PRIVATE: Final = 0o600
_COMPANIONS: Final = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file, and reads with it


def prepare(path: Path) -> None:
    """Make the file and its directory if they are missing; none but the owner may read what is in them.

    The owner of the directory is that of the file, so that root may make it for a daemon with less rights.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Closing a descriptor drops every lock that this process has on the file, so it must not be connected.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, _PRIVATE)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        if stat.S_IMODE(status.st_mode) != _PRIVATE:
            os.fchmod(descriptor, _PRIVATE)
        directory = path.parent.stat()
        if os.geteuid() == 0 and status.st_size == 0 and status.st_uid != directory.st_uid:
            os.fchown(descriptor, directory.st_uid, directory.st_gid)
    finally:
        os.close(descriptor)


def identity(path: Path) -> Identity | None:
    """Return which file stands at this path, or nothing if none does."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def move_aside(path: Path, now: Instant) -> Path:
    """Rename a file and its companions to NAME.broken-DATE, and return the new path."""
    date = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.broken-{date}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{date}.{number}")
    for suffix in _COMPANIONS:
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(target.with_name(target.name + suffix))
    return target
