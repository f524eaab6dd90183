"""How far another program read a log, as fail2ban wrote it down, made a position of ours.

It names the first line by a hash and then counts bytes. A log that was rotated since is found under the name
that rotation gave it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from hashlib import md5, sha1
from pathlib import Path
from typing import Final

from banish.adapters.sources.position import Position
from banish.adapters.sources.reader import LONGEST_LINE, Reader

_HASHES: Final = {
    40: sha1,
    32: md5,
}  # by the length of what is written down; fail2ban's older releases took MD5
_PACKED: Final = re.compile(r"\.(gz|bz2|xz|zst|Z)$")
_MOST_NAMES: Final = 16  # rotated files looked into, the latest first


def found(path: str, first: str, offset: int) -> Position | None:
    """Return where reading goes on in the file that is or was `path` and begins with the line hashed `first`.

    Nothing if there is none, or if it is shorter by now than what was read of it.
    """
    if len(first) not in _HASHES or offset < 0:
        return None
    return next(filter(None, (_in(name, first.lower(), offset) for name in (path, *_rotated(path)))), None)


def _in(name: str, first: str, offset: int) -> Position | None:
    with suppress(OSError), closing(Reader(name)) as reader:
        head = os.pread(reader.fd, LONGEST_LINE, 0)
        line = head[: head.find(b"\n") + 1]
        if _HASHES[len(first)](line, usedforsecurity=False).hexdigest() == first and offset <= reader.size():
            reader.goto_line(offset)
            return reader.position
    return None


def _rotated(path: str) -> Iterator[str]:
    """Yield the files beside a path that rotation may have made of it, the latest first; lazily."""
    log = Path(path)
    ages: list[tuple[float, str]] = []
    with suppress(OSError), os.scandir(log.parent) as entries:
        for entry in entries:
            rest = entry.name.removeprefix(log.name)
            if rest != entry.name and rest[:1] in {".", "-", "_"} and not _PACKED.search(rest):
                ages.append((entry.stat().st_mtime, entry.path))
    ages.sort(reverse=True)
    yield from (name for _, name in ages[:_MOST_NAMES])
