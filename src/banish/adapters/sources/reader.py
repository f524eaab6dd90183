"""One open log file: its complete lines in blocks, and whether it still is what was read before.

Every read starts a few bytes early, at bytes that are known: if they are not what they were, somebody
truncated the file and wrote into it again. That costs nothing, and no moment lies between check and read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from errno import EINVAL
from hashlib import sha1
from pathlib import Path
from typing import Final
from zlib import crc32

from banish.adapters.sources.position import Key, Position

LONGEST_LINE: Final = 1 << 20  # bytes
BLOCK: Final = 1 << 18  # bytes; what is in one is counted and banned before another log has its turn
MARK: Final = 64  # bytes compared before each read; enough to hold a date of any format
FIRST_LINE: Final = 1 << 16  # a longer first line is known by its first 64 KiB
PROBE: Final = 1 << 16  # bytes that one look at a place of the file reads
GAP: Final = 4096  # that many NULs are a hole, not the start of a line: sparse files leave out whole pages

_NULS = re.compile(rb"\0*")


class Reader:
    r"""The complete lines of one regular file, from `offset` on.

    `scanned` lies at or behind `offset` and no `\n` between them, so that a line which grows byte by byte is
    not searched from its start each time. `at_end`: the last `read` saw the end. `is_replaced`: the bytes
    before the offset are no longer those that were read; go on with `restart` or `close`. `cuts` counts
    lines that were too long. All methods may raise `OSError`.
    """

    def __init__(self, path: str) -> None:
        """Open a regular file at 0; anything else is an `OSError`, and a FIFO does not block."""
        if not stat.S_ISREG(Path(path).stat().st_mode):  # looked at first: opening a device may act on it
            raise OSError(EINVAL, "not a regular file", path)
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        status = os.fstat(self.fd)
        self.key: Key = (status.st_dev, status.st_ino)
        self.cuts = 0
        self.active_at = 0.0  # when it last grew; kept by who reads, for whose clock it is
        self._modified_ns = status.st_mtime_ns
        self.restart()

    def restart(self) -> None:
        """Begin at 0, as with a file never seen."""
        self.offset = self.scanned = 0
        self.at_end = self.is_replaced = self._is_cut = False
        self._mark = self._scan_mark = b""
        self._first = ""
        self._first_size = 0

    def goto(self, position: Position) -> bool:
        """Continue at a position, if the bytes before it are those that were read; else stay."""
        mark = self._bytes_before(position.offset)
        if len(mark) != min(MARK, position.offset) or crc32(mark) != position.mark:
            return False
        first, first_size = _first_line(os.pread(self.fd, FIRST_LINE, 0))
        if position.first and position.first != first:
            return False
        if position.offset:
            self._first, self._first_size = first, first_size
        self._jump(position.offset)
        self._is_cut = position.is_cut
        return True

    def goto_line(self, offset: int) -> None:
        """Continue at the start of the line that `offset` lies in."""
        offset = max(0, min(offset, self.size()))
        window = os.pread(self.fd, min(offset, LONGEST_LINE), max(0, offset - LONGEST_LINE))
        start = offset - len(window) + window.rfind(b"\n") + 1
        self._jump(start)
        self._is_cut = start > 0 and b"\n" not in window
        self._first, self._first_size = _first_line(os.pread(self.fd, FIRST_LINE, 0)) if start else ("", 0)

    @property
    def position(self) -> Position:
        """Where the next block starts."""
        return Position(*self.key, self.offset, self._first, crc32(self._mark), self._is_cut)

    @property
    def has_partial(self) -> bool:
        """Whether the file ends in a line that has no end yet."""
        return self.scanned > self.offset

    def size(self) -> int:
        """Bytes in the file now."""
        return os.fstat(self.fd).st_size

    def is_spent(self) -> bool:
        """Whether all that is in the file now was read."""
        return self.at_end and not self.has_partial and self.size() == self.scanned

    def changed(self, status: os.stat_result) -> bool:
        """Whether a file with this status may hold something new; says so once for each modification."""
        was_ns, self._modified_ns = self._modified_ns, status.st_mtime_ns
        return status.st_size != self.scanned or status.st_mtime_ns != was_ns

    def read(self, limit: int | None = None) -> bytes:
        """Take what complete lines there are, at most a `BLOCK` of new bytes, from those below `limit`.

        Empty at the end, where a part of a line is all there is, and inside what is skipped: `at_end` tells.
        """
        room = min(BLOCK, self.offset + LONGEST_LINE + 1 - self.scanned)
        size = room if limit is None else max(0, min(room, limit - self.scanned))
        known = min(MARK, self.scanned)
        data = os.pread(self.fd, known + size, self.scanned - known)
        if data[:known] != self._scan_mark or (self.at_end and not self._has_same_first_line()):
            self.is_replaced = True
            return b""
        self.at_end = len(data) < known + room
        return self._skip(data, known) if self._is_cut else self._take(data, known)

    def flush(self) -> bytes:
        r"""Take the part of a line that the file ends in, with `\n` added."""
        part = os.pread(self.fd, self.scanned - self.offset, self.offset)
        self._jump(self.scanned)
        return part + b"\n"

    def lines(self, offset: int) -> Sequence[tuple[int, bytes]]:
        """Complete lines that start at or behind `offset`, each with its start, from the next 64 KiB."""
        begin = max(0, offset - 1)  # if the byte before is a line's end, `offset` is a line's start
        window = os.pread(self.fd, PROBE, begin)
        found = []
        at = window.find(b"\n") + 1 if offset > 0 else 0
        while end := window.find(b"\n", at) + 1 if at or offset <= 0 else 0:
            found.append((begin + at, window[at:end]))
            at = end
        return found

    def close(self) -> None:
        """Close the file."""
        os.close(self.fd)

    def _take(self, data: bytes, known: int) -> bytes:
        """Take the lines of `data`, whose first `known` bytes were searched before."""
        cut = data.rfind(b"\n", known) + 1
        if not cut:
            if self.scanned + len(data) - known > self.offset + LONGEST_LINE:
                return self._cut()
            self.scanned += len(data) - known
            self._scan_mark = data[-MARK:]
            return b""
        held = os.pread(self.fd, self.scanned - self.offset, self.offset) if self.has_partial else b""
        block = held + data[known:cut]
        if not self.offset:
            self._first, self._first_size = _first_line(block[:FIRST_LINE])
        self.offset = self.scanned + cut - known
        self.scanned += len(data) - known
        self._mark = data[max(0, cut - MARK) : cut]
        self._scan_mark = data[-MARK:]
        return block

    def _cut(self) -> bytes:
        """Deliver the start of an overlong line; a hole before a line is no part of it."""
        line = os.pread(self.fd, LONGEST_LINE, self.offset)
        if not self.offset:
            self._first, self._first_size = _first_line(line[:FIRST_LINE])
        self.at_end = False
        nuls = _NULS.match(line)
        if nuls and nuls.end() >= GAP:
            self._jump(self._data_from(self.offset + nuls.end()))
            return b""
        self._jump(self.offset + len(line))
        self._is_cut = True
        self.cuts += 1
        return line + b"\n"

    def _skip(self, data: bytes, known: int) -> bytes:
        """Pass over the rest of an overlong line."""
        end = data.find(b"\n", known) + 1
        if end:
            self._is_cut = self.at_end = False
            self._jump(self.scanned + end - known)
        else:
            self._jump(self._data_from(self.scanned + len(data) - known))
        return b""

    def _data_from(self, offset: int) -> int:
        """Find the next byte that is not in a hole."""
        try:
            return os.lseek(self.fd, offset, os.SEEK_DATA)
        except OSError:  # ENXIO: nothing but a hole up to the end; EINVAL: the file system has no holes
            return max(offset, self.size())

    def _jump(self, offset: int) -> None:
        self.offset = self.scanned = offset
        self._mark = self._scan_mark = self._bytes_before(offset)

    def _bytes_before(self, offset: int) -> bytes:
        return os.pread(self.fd, min(MARK, offset), max(0, offset - MARK))

    def _has_same_first_line(self) -> bool:
        if not self._first:
            return True
        line = os.pread(self.fd, self._first_size, 0)
        return sha1(line, usedforsecurity=False).hexdigest() == self._first


def _first_line(head: bytes) -> tuple[str, int]:
    """SHA-1 and size of a file's first line, from its first 64 KiB; empty while the line is not complete."""
    size = head.find(b"\n") + 1 or (len(head) if len(head) == FIRST_LINE else 0)
    return (sha1(head[:size], usedforsecurity=False).hexdigest() if size else "", size)
