"""Log files as a source: all files of all jails, each line once, as soon as it is written.

The truth is looked up once a second (which files are there, how long they are); inotify only makes it
sooner. What is told here about one path happens in `tail`, about one open file in `reader`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from banish.adapters.sources import patterns
from banish.adapters.sources.claims import Claims
from banish.adapters.sources.lookback import Probe
from banish.adapters.sources.position import Key, decode
from banish.adapters.sources.reader import Reader
from banish.adapters.sources.state import FileState, Notice, Patience
from banish.adapters.sources.tail import Tail
from banish.adapters.sources.watch import Watcher
from banish.core.config import LogPath
from banish.core.model import Cursor, Lines

Start: TypeAlias = "Callable[[str, Probe], int]"
"""Finds the byte at which to begin in a file of this path that was never read."""

_SHARE = 10  # looking at everything takes at most one part in ten of the time, however much happens


class FileSource:
    """Reads the files that `paths` mean, each on its own, in turns of at most 256 KiB.

    `cursors` say by path how far earlier runs came; for a path without one, `start` says where to begin, or
    else its first byte. A path that any pattern wants whole is not read `from_end`. `notice` is told, in
    words, what an operator should know. Every file takes one descriptor: the limit (`RLIMIT_NOFILE`) is for
    the program to raise; a file for which none is left waits and is tried again.
    """

    def __init__(
        self,
        paths: Sequence[LogPath],
        cursors: Mapping[str, Cursor],
        start: Start | None = None,
        notice: Notice = lambda _: None,
        patience: Patience | None = None,
    ) -> None:
        self._logs = tuple(paths)
        self._cursors = cursors
        self._start = start
        self._notice = notice
        self._patience = patience or Patience()
        self._claims = Claims()
        self._watcher = Watcher()
        self._tails: dict[str, Tail] = {}
        self._ready: deque[Tail] = deque()
        self._paused: set[str] = set()
        self._asleep: dict[Key, list[Tail]] = {}
        self._next_look = self._earliest_look = 0.0
        self._told = ""
        self._is_closed = self._is_started = False

    async def blocks(self) -> AsyncIterator[Lines]:
        """Yield blocks as they come until `close`; nothing is read while none is asked for."""
        while not self._is_closed:
            self._hear()
            if time.monotonic() >= self._next_look:
                self._look()
            tail = self._next()
            if tail is None:
                await self._watcher.wait(self._next_look - time.monotonic())
                continue
            lines = self._turn(tail)
            if lines is not None:
                yield lines
            else:
                await asyncio.sleep(0)  # a file with nothing to deliver must not hold up the loop

    def pause(self, name: str) -> None:
        """Leave a path alone."""
        self._paused.add(name)

    def resume(self, name: str) -> None:
        """Go on with a path."""
        self._paused.discard(name)
        if name in self._tails:
            self._queue(self._tails[name])
            self._watcher.wake()

    def status(self) -> tuple[FileState, ...]:
        """How it stands with each path, in the order in which they were found."""
        return tuple(tail.state() for tail in self._tails.values())

    def close(self) -> None:
        """Let go of every file and end `blocks`."""
        self._is_closed = True
        for tail in self._tails.values():
            tail.close()
        self._watcher.close()

    def _hear(self) -> None:
        """Take what the kernel tells."""
        changes = self._watcher.changes()
        for key in changes.files:
            for tail in self._asleep.pop(key, ()):
                self._queue(tail)
        if changes.anything:
            self._next_look = min(self._next_look, self._earliest_look)

    def _next(self) -> Tail | None:
        """Take the path whose turn it is; what is paused gets a new turn when it is resumed."""
        while self._ready:
            tail = self._ready.popleft()
            tail.is_queued = False
            if tail.path not in self._paused:
                return tail
        return None

    def _turn(self, tail: Tail) -> Lines | None:
        """Read one block of one file, and queue or rest the file."""
        lines = tail.read(time.monotonic())
        # Only a file that is found at its end after it is watched may sleep.
        if not tail.is_idle or self._watch(tail):
            self._queue(tail)
        return lines

    def _queue(self, tail: Tail) -> None:
        if not tail.is_queued:
            tail.is_queued = True
            self._ready.append(tail)

    def _watch(self, tail: Tail) -> bool:
        """Ask to be told of the next change; true if that was not asked before."""
        is_new = False
        tail.is_watched = bool(tail.readers)
        for reader in tail.readers:
            if not self._watcher.is_watching(reader.key):
                is_watched = self._watcher.watch_file(reader.fd, reader.key)
                tail.is_watched &= is_watched
                is_new |= is_watched
            sleepers = self._asleep.setdefault(reader.key, [])
            if tail not in sleepers:
                sleepers.append(tail)
        if self._watcher.error != self._told:
            self._told = self._watcher.error
            self._notice(
                f"{tail.path}: inotify: {self._told}; looked at every {self._patience.poll:g} s instead"
            )
        return is_new

    def _look(self) -> None:
        """Look at everything: which files there are, and which of them may have something new."""
        begun = time.monotonic()
        survey = patterns.survey(log.pattern for log in self._logs)
        found = survey.paths if self._is_started else [*survey.paths, *self._left_behind()]
        new = [path for path in dict.fromkeys(found) if path not in self._tails]
        self._claims.paths.update(new)  # all of them, before the first one looks for its file
        for path in new:
            self._follow(path, begun)
        self._is_started = True
        for tail in list(self._tails.values()):
            if tail.look(begun):
                self._queue(tail)
            elif not tail.readers and not tail.is_there and tail.path not in survey.paths:
                self._claims.paths.discard(tail.path)
                del self._tails[tail.path]
        self._tidy()
        ended = time.monotonic()
        self._earliest_look = ended + (ended - begun) * _SHARE
        is_new = self._watcher.watch_directories(survey.places)
        self._next_look = (
            self._earliest_look if is_new else max(self._earliest_look, ended + self._patience.poll)
        )

    def _tidy(self) -> None:
        """Forget files that nobody reads any more."""
        keys = {reader.key for tail in self._tails.values() for reader in tail.readers}
        self._watcher.keep_files(keys)
        for key in self._asleep.keys() - keys:
            del self._asleep[key]

    def _left_behind(self) -> list[str]:
        """List paths read by an earlier run that patterns mean, though nothing may be there now."""
        mine = [log.pattern for log in self._logs]
        return [path for path in self._cursors if any(patterns.matches(pattern, path) for pattern in mine)]

    def _follow(self, path: str, now: float) -> None:
        tail = Tail(path, self._claims, self._notice, self._patience)
        self._tails[path] = tail
        self._queue(tail)
        cursor = self._cursors.get(path)
        wanted = [
            log.from_end for log in self._logs if log.pattern == path or patterns.matches(log.pattern, path)
        ]
        if all(wanted) and not self._is_started:
            tail.begin(_at_end, live=True)
        elif positions := decode(cursor.position) if cursor else ():
            tail.resume(positions, now)
        elif self._start is not None and not self._is_started:
            tail.begin(partial(_at_start, self._start, path), live=False)


def _at_end(reader: Reader) -> None:
    """Begin with the line that is being written, if any."""
    reader.goto_line(reader.size())


def _at_start(start: Start, path: str, reader: Reader) -> None:
    reader.goto_line(start(path, reader))
