"""Files of exempt addresses (`ignoreip = file:PATH`): read again when they have changed.

Source of the format: jail.conf(5), ignoreip.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Final, TypeAlias

from banish.adapters.reports import Reports
from banish.core.model import Subject
from banish.core.subject import parse

MOST_BYTES: Final = 16_777_216  # about a million entries
MOST_FILES: Final = 1000

_COMMENT: Final = re.compile(rb"(?:^|(?<=\s))[#;].*", re.MULTILINE)
_ENTRY: Final = re.compile(rb"[^\s,]+")

Version: TypeAlias = "tuple[int, int, int]"


class IgnoreLists:
    """What stands in the files, and when it was read. Blocks as long as the file system does."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._read: dict[str, tuple[Version | None, tuple[Subject, ...]]] = {}

    def entries(self, path: str) -> tuple[Subject, ...]:
        """Return the addresses, networks and texts in a file; what stood there before if it is unreadable."""
        version, known = self._read.get(path, (None, ()))
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                found = os.fstat(descriptor)
                now = found.st_ino, found.st_mtime_ns, found.st_size
                if now != version:
                    known = _parse(descriptor, found)
            finally:
                os.close(descriptor)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            self._reports.tell(path, f"{path}: {error}; the {len(known)} entries read before stay in force")
            return known
        if len(self._read) < MOST_FILES or path in self._read:
            self._read[path] = now, known
        return known


def _parse(descriptor: int, found: os.stat_result) -> tuple[Subject, ...]:
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("not a regular file")
    if found.st_size > MOST_BYTES:
        raise ValueError(f"{found.st_size} bytes; a list may have {MOST_BYTES}")
    with os.fdopen(os.dup(descriptor), "rb") as file:
        content = file.read(MOST_BYTES)
    entries = _ENTRY.findall(_COMMENT.sub(b"", content))
    return tuple(dict.fromkeys(parse(entry.decode("utf-8", "replace")) for entry in entries))
