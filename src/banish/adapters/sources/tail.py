"""One followed path: the files it leads to one after the other, read without loss and in order.

A path is read from a queue of files, the oldest first. A file that was rotated away stays in the queue,
because its writers may not have noticed; only when it has been quiet for long is it closed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import TypeAlias

from banish.adapters.sources import rotation
from banish.adapters.sources.claims import Claims
from banish.adapters.sources.position import MOST, Key, Position, encode
from banish.adapters.sources.reader import LONGEST_LINE, Reader
from banish.adapters.sources.state import FileState, Notice, Patience
from banish.core.model import Cursor, Lines

Begin: TypeAlias = "Callable[[Reader], None]"
"""Moves a reader to where a file that was never read is to be begun."""

_MOST_QUIET = 4  # rotated files kept open in the hope of late lines, of one path
_MOVED = 144  # times `linger`, that is a day, for a file that was moved and has no successor yet


class Tail:
    """Reads one path. `is_idle`: the last `read` found nothing, a change is to be waited for."""

    def __init__(self, path: str, claims: Claims, notice: Notice, patience: Patience) -> None:
        self.path = path
        self.readers: list[Reader] = []
        self.is_idle = self.is_watched = self.is_there = False
        self.is_queued = False  # kept by the source
        self._is_live = False
        self._claims = claims
        self._notice = notice
        self._patience = patience
        self._begin: Begin = Reader.restart
        self._lost: Sequence[Position] = ()
        self._handed: list[
            Position
        ] = []  # kept in the cursor: the new reader has none before its first block
        self._error = ""

    def begin(self, begin: Begin, *, live: bool) -> None:
        """Say where to begin in the file that is there now; one that comes later is read from 0."""
        self._begin = begin
        self._is_live = live

    def resume(self, positions: Sequence[Position], now: float) -> None:
        """Go on at these positions, oldest file first, wherever their files are now."""
        for position in positions:
            reader = rotation.located(self.path, position, self._claims.paths)
            if reader is None:
                self._claims.remember(position)  # unreadable for now, or followed under another name
            else:
                reader.active_at = now
                self._claims.take(reader.key, self)
                self.readers.append(reader)

    def look(self, now: float) -> bool:
        """Open the file that the path leads to now, close what is done; tells if there may be news."""
        had_lost, self._lost = self._lost, ()
        self.resume(had_lost, now)
        try:
            has_news = self._look(now) or bool(had_lost)
        except (FileNotFoundError, NotADirectoryError):
            self.is_there, self._error = False, ""
            self._begin = Reader.restart
            has_news = False
        except OSError as error:
            self._fail(error)
            has_news = False
        with suppress(OSError):
            self._close_quiet(now)
            has_news |= any(old.changed(os.fstat(old.fd)) or old.has_partial for old in self.readers[:-1])
        return has_news

    def read(self, now: float) -> Lines | None:
        """Take the next block of the oldest file that has one; never waits."""
        self.is_idle = False
        try:
            return self._read(now)
        except OSError as error:  # a disk error, or a file server that has forgotten the descriptor
            self._fail(error)
            self._lost = tuple(reader.position for reader in self.readers)
            self.close()
            self.is_idle = True
            return None

    def release(self, key: Key) -> Position | None:
        """Hand over a file, unless it is the one that the path leads to now."""
        with suppress(OSError):
            status = _status(self.path)
            if key == (status.st_dev, status.st_ino):
                return None
        reader = next(reader for reader in self.readers if reader.key == key)
        self.readers.remove(reader)
        reader.close()
        self._handed = [*self._handed, reader.position][-_MOST_QUIET:]
        return reader.position

    def state(self) -> FileState:
        """How it stands."""
        behind = 0
        with suppress(OSError):
            behind = sum(max(0, reader.size() - reader.offset) for reader in self.readers)
        offset = self.readers[-1].offset if self.readers else 0
        return FileState(self.path, offset, behind, self.is_there, self.is_watched, self._error)

    def close(self) -> None:
        """Close all files."""
        while self.readers:
            self._close(self.readers[0])

    def _look(self, now: float) -> bool:
        status = _status(self.path)
        self.is_there = True
        if self.readers and self.readers[-1].key == (status.st_dev, status.st_ino):
            return self.readers[-1].changed(status)
        self._open(now)
        return True

    def _open(self, now: float) -> None:
        """Put the file of the path at the end of the queue; it may be there already, renamed and back."""
        with ExitStack() as undo:
            reader = Reader(self.path)
            undo.callback(reader.close)
            known = next((old for old in self.readers if old.key == reader.key), None)
            if known:
                self.readers.remove(known)
                self.readers.append(known)
                return
            self._place(reader, self._begin, now)
            undo.pop_all()
        # Looked for after the file was opened: whatever was the path before it has its new name by now.
        missed = self._between(self.readers[-1], reader, now) if self.readers else []
        self.readers += [*missed, reader]
        self._begin = Reader.restart

    def _place(self, reader: Reader, begin: Begin, now: float) -> None:
        reader.active_at = now
        position = self._claims.take(reader.key, self)
        if position is None or not reader.goto(position):
            begin(reader)

    def _between(self, old: Reader, young: Reader, now: float) -> list[Reader]:
        """Open the files that came and went between an old file and a younger one."""
        missed = []
        for path in rotation.between(self.path, old.key[1], young.key[1], self._claims.paths):
            with suppress(OSError):
                reader = Reader(path)
                if any(reader.key == known.key for known in self.readers):
                    reader.close()
                    continue
                missed.append(reader)
                self._place(reader, Reader.restart, now)
        return missed

    def _read(self, now: float) -> Lines | None:
        # A limit is taken before the older files are read: what lies below it was written before that, so
        # whoever wrote into an old file first and then into a new one is read in this order.
        limits = [reader.size() for reader in reversed(self.readers)] if len(self.readers) > 1 else [None]
        for reader, limit in zip(self.readers, reversed(limits), strict=False):
            block = self._block(reader, limit, now)
            if block:
                self._error = ""
                self._close_before(reader)
                return Lines(self.path, block, self._cursor(), self._is_live)
            if block is not None:
                return None
        if self.readers:
            self._is_live, self._error = True, ""
        self.is_idle = not self.look(now)
        return None

    def _block(self, reader: Reader, limit: int | None, now: float) -> bytes | None:
        """Read one file; absent if it is at its end, empty if the files behind it are not to be read yet."""
        before, cuts, begins = reader.scanned, reader.cuts, reader.offset == 0
        block = reader.read(limit)
        if reader.is_replaced:
            self._start_over(reader, now)
            return b""
        if block and begins and self._find_missed(reader, now):
            return b""
        if reader.scanned != before:
            reader.active_at = now
        if reader.cuts != cuts:
            self._notice(f"{self.path}: line of more than {LONGEST_LINE} bytes cut at byte {reader.offset}")
        if block or not reader.at_end:
            return block
        if reader is self.readers[-1] or not reader.has_partial:
            return None
        if now - reader.active_at >= self._patience.poll:
            return reader.flush()
        self.is_idle = True
        return b""

    def _start_over(self, reader: Reader, now: float) -> None:
        """Read a truncated file from its start; before that the rest of what it held, if a copy is there."""
        position = reader.position
        reader.restart()
        copy = rotation.copied(self.path, position, self._claims.paths)
        if copy and all(copy.key != known.key for known in self.readers):
            copy.active_at = now
            self._claims.take(copy.key, self)
            at = self.readers.index(reader)
            self.readers[at:at] = [copy, *self._between(copy, reader, now)]
        elif copy:
            copy.close()

    def _find_missed(self, reader: Reader, now: float) -> bool:
        """Find files that came before the first block of this one and were never seen under the path.

        That happens if a file is truncated, written to, copied and truncated again before it is read.
        """
        at = self.readers.index(reader)
        while at and not self.readers[at - 1].offset:
            at -= 1  # emptied in between, too
        missed = self._between(self.readers[at - 1], reader, now) if at else []
        if missed:
            reader.restart()
            self.readers[at:at] = missed
        return bool(missed)

    def _close_before(self, reader: Reader) -> None:
        """Close all but the last few of the files that were just seen at their end, before this one."""
        for old in self.readers[: max(0, self.readers.index(reader) - _MOST_QUIET)]:
            self._close(old)

    def _close_quiet(self, now: float) -> None:
        # In order only: a younger file that is closed first would look as if it had never been read.
        for later, reader in reversed(list(enumerate(reversed(self.readers[:-1])))):
            is_due = later >= _MOST_QUIET or now - reader.active_at >= self._patience.linger
            if not is_due or not reader.is_spent():
                break
            self._close(reader)
        if self.readers and not self.is_there:
            self._close_orphan(self.readers[-1], now)

    def _close_orphan(self, reader: Reader, now: float) -> None:
        """Close a file that is gone from the path, with nothing in its place, when nobody writes to it."""
        is_deleted = os.fstat(reader.fd).st_nlink == 0
        patience = self._patience.linger * (1 if is_deleted else _MOVED)
        if now - reader.active_at >= patience and reader.is_spent():
            self._close(reader)

    def _close(self, reader: Reader) -> None:
        self.readers.remove(reader)
        self._claims.give_up(reader.position, self)
        reader.close()

    def _cursor(self) -> Cursor:
        # the first ones: what is left out behind them is found again by its name (`_between`)
        positions = [*self._handed, *(reader.position for reader in self.readers)]
        return Cursor(self.path, encode(positions[:MOST]))

    def _fail(self, error: OSError) -> None:
        text = error.strerror or str(error)
        if text != self._error:
            self._notice(f"{self.path}: {text}; tried again every {self._patience.poll:g} s")
        self._error = text


def _status(path: str) -> os.stat_result:
    return os.stat(path)  # noqa: PTH116 -- asked for every file once a second; Path takes twice as long
