"""Which files are read by whom, and how far those were read that are closed.

A rotated file may come back under a name that is followed too (`app-1.log` beside `app.log` where the
pattern is `app*.log`). It is then not read again, it changes hands.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from banish.adapters.sources.position import Key, Position

_MOST_CLOSED = 4096  # a forgotten file would be read again only if it then appears under a new name


class Owner(Protocol):
    """Somebody who reads files."""

    def release(self, key: Key) -> Position | None:
        """Stop reading a file that is no longer the one under the own path, and say how far it was read."""
        ...


class Claims:
    """The table of files; `paths` are all names that are followed."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._owners: dict[Key, Owner] = {}
        self._closed: OrderedDict[Key, Position] = OrderedDict()

    def take(self, key: Key, owner: Owner) -> Position | None:
        """Become the one who reads this file; returns how far it was read, absent if never."""
        before = self._owners.get(key)
        if before is not None and before is not owner:
            position = before.release(key)
            if position is None:  # two names of one file, both followed: each is read for itself
                return None
        else:
            position = self._closed.pop(key, None)
        self._owners[key] = owner
        return position

    def give_up(self, position: Position, owner: Owner) -> None:
        """Remember how far a file was read that is now closed."""
        if self._owners.get(position.key, owner) is owner:
            self._owners.pop(position.key, None)
            self.remember(position)

    def remember(self, position: Position) -> None:
        """Note how far a file was read that nobody reads now."""
        known = self._closed.get(position.key)
        if known is None or known.first != position.first or known.offset < position.offset:
            self._closed[position.key] = position
        if len(self._closed) > _MOST_CLOSED:
            self._closed.popitem(last=False)
