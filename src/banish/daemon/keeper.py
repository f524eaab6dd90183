"""Remember, in good time and in spite of trouble: what is to be saved is kept in memory until it is.

A flood of bans must not wait for the store, and a full disk must not cost a ban that was announced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from banish.core.errors import StoreError
from banish.core.model import Ban, Cursor, Exemption, Instant, Note, Place, Save, Seconds, Subject, Topic
from banish.daemon.ports import Log, Store

EVIDENCE_CAP: Final = 10_000  # bans kept back with their evidence; about 10 MB, if nobody writes long lines
CAP: Final = 200_000  # bans kept back; about 80 MB. Beyond it the oldest is given up
PAUSE: Final = Seconds(5)  # between attempts while the store is in trouble
AT_A_TIME: Final = 50  # bans saved before others get their turn: 1 to 5 ms


class Keeper:
    """The store, and what it has not taken yet, the latest wish for each place."""

    def __init__(self, store: Store, log: Log) -> None:
        self._store = store
        self._log = log
        self._bans: dict[Place, Ban] = {}
        self._extended: dict[Place, Instant] = {}
        self._released: dict[Place, None] = {}
        self._cursors: dict[str, Cursor] = {}
        self._exemptions: dict[Subject, Exemption] = {}
        self._unexempted: dict[Subject, None] = {}
        self._tried_at: Instant | None = None
        self._given_up = 0
        self._checkpoint: Callable[[], None] | None = None
        self._settles = False

    @property
    def is_behind(self) -> bool:
        """Whether the store refused what waits to be saved."""
        return self._tried_at is not None

    def cursors(self) -> Mapping[str, Cursor]:
        """Return how far each source was read, saved or not."""
        return {**self._store.cursors(), **self._cursors}

    def written(self, now: Instant) -> Store:
        """Return the store, to be read, with all in it that could be saved."""
        if self._tried_at is None:
            self.flush(now)
        else:
            self.write(now)
        return self._store

    def write(self, now: Instant) -> bool:
        """Save some of what waits; say whether there is nothing more to do now. Never raises.

        While the disk is waited for that is nothing, and while the store is in trouble, until it is time for
        another attempt.
        """
        if self._settles:
            return True
        if self._tried_at is not None:
            if now - self._tried_at >= PAUSE:
                self.flush(now)
            return True
        return not self._waits() or self._attempt(self._some(), now)

    async def settle(self) -> bool:
        """Wait for the disk if it is time to; say whether it was. Nothing is written meanwhile."""
        checkpoint, self._checkpoint = self._checkpoint, None
        if checkpoint is None:
            return False
        self._settles = True
        try:
            await asyncio.to_thread(checkpoint)
        finally:
            self._settles = False
        return True

    def flush(self, now: Instant) -> bool:
        """Try to save all that waits; say whether nothing is left."""
        if self._tried_at is not None or self._waits():
            self._attempt(self._kept(), now)
        return self._tried_at is None

    def _attempt(self, wish: Save, now: Instant) -> bool:
        """Save what is among that which waits; say whether there is nothing more to do now."""
        try:
            self._checkpoint = self._store.save(wish, now)
        except StoreError as error:
            is_new, self._tried_at = self._tried_at is None, now
            if is_new:
                text = f"{error}; bans go on and are kept in memory until it can be written again"
                self._log.note(Note(Topic.TROUBLE, now, text=text))
                self._bound()
            return True
        if self._tried_at is not None:
            lost = f"{self._given_up} bans were too many to keep" if self._given_up else "nothing was lost"
            self._log.note(Note(Topic.TROUBLE, now, text=f"the state is written again, {lost}"))
            self._tried_at, self._given_up = None, 0
        return self._forget(wish)

    def add(self, wish: Save) -> None:
        """Merge a wish into what waits; a later word about a place replaces the earlier one."""
        for place in wish.released:
            self._bans.pop(place, None)
            self._extended.pop(place, None)
            self._released[place] = None
        for ban in wish.bans:
            self._keep_ban(ban)
        for place, until in wish.extended:
            if (fresh := self._bans.get(place)) is not None:
                self._bans[place] = replace(fresh, until=until)
            else:
                self._extended[place] = until
        self._cursors |= {cursor.source: cursor for cursor in wish.cursors}
        for subject in wish.unexempted:
            self._exemptions.pop(subject, None)
            self._unexempted[subject] = None
        for exemption in wish.exemptions:
            self._unexempted.pop(exemption.subject, None)
            self._exemptions[exemption.subject] = exemption

    def _keep_ban(self, ban: Ban) -> None:
        self._extended.pop(ban.place, None)
        self._released.pop(ban.place, None)
        self._bans.pop(ban.place, None)
        if self._tried_at is None:
            self._bans[ban.place] = ban
            return
        if len(self._bans) >= CAP:
            del self._bans[next(iter(self._bans))]
            self._given_up += 1
        self._bans[ban.place] = ban if len(self._bans) < EVIDENCE_CAP else replace(ban, evidence=())

    def _bound(self) -> None:
        """Keep no more of what waits than may be kept for long."""
        bans, self._bans = self._bans, {}
        for ban in bans.values():
            self._keep_ban(ban)

    def _waits(self) -> bool:
        tables = (self._bans, self._extended, self._released, self._cursors)
        return any((*tables, self._exemptions, self._unexempted))

    def _some(self) -> Save:
        """Return the oldest bans where there are many, and with the last of them all else.

        Cursors do not come before what was found: after a crash, lines whose bans are lost are read again.
        """
        most = max(AT_A_TIME, len(self._bans) >> 6)
        return self._kept() if len(self._bans) <= most else Save(tuple(islice(self._bans.values(), most)))

    def _kept(self) -> Save:
        return Save(
            tuple(self._bans.values()),
            tuple(self._extended.items()),
            tuple(self._released),
            tuple(self._cursors.values()),
            tuple(self._exemptions.values()),
            tuple(self._unexempted),
        )

    def _forget(self, wish: Save) -> bool:
        """Keep no longer what is saved; say whether nothing is left."""
        if len(wish.bans) < len(self._bans):
            for ban in wish.bans:
                del self._bans[ban.place]
            return False
        for table in (self._bans, self._extended, self._released):
            table.clear()
        for other in (self._cursors, self._exemptions, self._unexempted):
            other.clear()
        return True
