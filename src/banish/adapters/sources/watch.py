"""What the kernel tells about changes of files and directories (inotify).

Only a hint, so that nothing waits for the next look around: whoever uses it looks for himself once a second.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from asyncinotify import Event, Inotify, Mask, Watch

from banish.adapters.sources.position import Key

# Once: a watch ends with its first event. However fast somebody writes into however many files, there is
# one event for each time that we went to sleep on a file.
_FILE: Final = Mask.MODIFY | Mask.ATTRIB | Mask.MOVE_SELF | Mask.DELETE_SELF | Mask.ONESHOT
_DIRECTORY: Final = Mask.CREATE | Mask.MOVED_TO | Mask.MOVE_SELF | Mask.DELETE_SELF | Mask.ONLYDIR
_MOST_EVENTS = 4096  # taken at once; about 40 ms


@dataclass(slots=True)
class Changes:
    """What may have changed: these files, or (`anything`) what is where."""

    files: set[Key] = field(default_factory=set)
    anything: bool = False


class Watcher:
    """The one inotify instance of a source; `error` says why the last watch could not be had."""

    def __init__(self) -> None:
        self.error = ""
        self._files: dict[Key, Watch] = {}
        self._keys: dict[int, Key] = {}
        self._directories: dict[str, Watch] = {}
        self._names: dict[int, set[str]] = {}
        self._has_more = False
        self._waiting: asyncio.Future[None] | None = None
        self._inotify: Inotify | None = None
        try:
            self._inotify = Inotify(sync_timeout=0)
        except OSError as error:  # fs.inotify.max_user_instances
            self.error = _text(error)

    def watch_file(self, descriptor: int, key: Key) -> bool:
        """Watch the file behind a descriptor, whatever its name, for one change; false if that fails."""
        watch = self._add(f"/proc/self/fd/{descriptor}", _FILE)
        if watch is None:
            return False
        self._files[key] = watch
        self._keys[watch.wd] = key
        return True

    def is_watching(self, key: Key) -> bool:
        """Whether the file's next change will be told."""
        return key in self._files

    def keep_files(self, keys: Container[Key]) -> None:
        """Watch no other files than these any longer."""
        for key in [key for key in self._files if key not in keys]:
            watch = self._files.pop(key)
            self._keys.pop(watch.wd, None)
            self._remove(watch)

    def watch_directories(self, places: Mapping[str, set[str]]) -> bool:
        """Watch exactly these directories for entries of these names or patterns; true if one is new."""
        for directory in self._directories.keys() - places.keys():
            self._remove(self._directories.pop(directory))
        before = len(self._directories)
        for directory in places.keys() - self._directories.keys():
            if watch := self._add(directory, _DIRECTORY):
                self._directories[directory] = watch
        self._names = {}
        for directory, watch in self._directories.items():
            self._names.setdefault(watch.wd, set()).update(places[directory])
        return len(self._directories) > before

    def changes(self) -> Changes:
        """Take what was told so far; never waits."""
        found = Changes()
        for _ in range(_MOST_EVENTS):
            event = self._inotify.sync_get() if self._inotify else None
            self._has_more = event is not None
            if event is None:
                break
            self._note(event, found)
        return found

    async def wait(self, seconds: float) -> None:
        """Wait until there is something to take, or somebody wakes us, or the time is over."""
        if self._has_more:  # perhaps in the library's own buffer, of which the descriptor knows nothing
            return
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(seconds, self.wake)
        # Inotify.get() loses events when it is cancelled; and a reader that stays registered would turn
        # the loop in circles while the consumer is busy.
        descriptor = self._inotify.fd if self._inotify else None
        if descriptor is not None:
            loop.add_reader(descriptor, self.wake)
        try:
            await self._waiting
        finally:
            timer.cancel()
            if descriptor is not None and self._inotify:  # else `close` has removed it
                loop.remove_reader(descriptor)
            self._waiting = None

    def wake(self) -> None:
        """End the present wait."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def close(self) -> None:
        """Watch nothing any more."""
        if self._inotify:
            if self._waiting is not None:
                self._waiting.get_loop().remove_reader(self._inotify.fd)
            self._inotify.close()
            self._inotify = None
        self.wake()

    def _note(self, event: Event, found: Changes) -> None:
        watch = event.watch
        if watch is None:  # the queue overflowed, or the farewell of a watch that ended before
            found.anything |= Mask.Q_OVERFLOW in event.mask
        elif watch.wd in self._keys:
            key = self._keys.pop(watch.wd)
            self._files.pop(key, None)
            found.files.add(key)
        elif event.name is not None:
            awaited = self._names.get(watch.wd, ())
            found.anything |= any(fnmatchcase(str(event.name), name) for name in awaited)
        elif watch.wd in self._names:  # the directory itself moved or went
            del self._names[watch.wd]
            self._directories = {path: old for path, old in self._directories.items() if old is not watch}
            self._remove(watch)
            found.anything = True

    def _add(self, path: str, mask: Mask) -> Watch | None:
        if self._inotify is None:
            return None
        try:
            return self._inotify.add_watch(path, mask)
        except (FileNotFoundError, NotADirectoryError):
            return None  # just gone, which is no fault
        except OSError as error:  # fs.inotify.max_user_watches, no rights
            self.error = _text(error)
            return None

    def _remove(self, watch: Watch) -> None:
        if self._inotify:
            with suppress(OSError):  # the kernel has removed it already
                self._inotify.rm_watch(watch)


def _text(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
