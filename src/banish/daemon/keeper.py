"""Remember in spite of trouble: what the store refuses is kept in memory and tried again.

A full disk must not cost a ban that was announced, and must not stop the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from banish.core.errors import StoreError
from banish.core.model import Ban, Cursor, Exemption, Instant, Note, Place, Save, Seconds, Subject, Topic
from banish.daemon.ports import Log, Store

EVIDENCE_CAP: Final = 10_000  # bans kept back with their evidence; about 10 MB, if nobody writes long lines
CAP: Final = 200_000  # bans kept back; about 80 MB. Beyond it the oldest is given up
PAUSE: Final = Seconds(5)  # between attempts while the store is in trouble


class Keeper:
    """The store, and what it has not taken yet, the latest wish for each place."""

    def __init__(self, store: Store, log: Log) -> None:
        self.store = store
        self._log = log
        self._bans: dict[Place, Ban] = {}
        self._extended: dict[Place, Instant] = {}
        self._released: dict[Place, None] = {}
        self._cursors: dict[str, Cursor] = {}
        self._exemptions: dict[Subject, Exemption] = {}
        self._unexempted: dict[Subject, None] = {}
        self._tried_at: Instant | None = None
        self._given_up = 0

    @property
    def is_behind(self) -> bool:
        """Whether something waits to be saved."""
        return self._tried_at is not None

    def cursors(self) -> Mapping[str, Cursor]:
        """Return how far each source was read, saved or not."""
        return {**self.store.cursors(), **self._cursors}

    def save(self, wish: Save, now: Instant) -> None:
        """Save, or keep the wish for later. Never raises."""
        if self._tried_at is None:
            self._attempt(wish, wish, now)
            return
        self._keep(wish)
        self.retry(now)

    def retry(self, now: Instant) -> None:
        """Try again if the last attempt was long enough ago."""
        if self._tried_at is not None and now - self._tried_at >= PAUSE:
            self.flush(now)

    def flush(self, now: Instant) -> bool:
        """Try to save what was kept back; say whether nothing is left."""
        if self._tried_at is not None:
            self._attempt(self._kept(), Save(), now)
        return self._tried_at is None

    def _attempt(self, wish: Save, fresh: Save, now: Instant) -> None:
        try:
            self.store.save(wish, now)
        except StoreError as error:
            if self._tried_at is None:
                text = f"{error}; bans go on and are kept in memory until it can be written again"
                self._log.note(Note(Topic.TROUBLE, now, text=text))
            self._tried_at = now
            self._keep(fresh)
            return
        if self._tried_at is not None:
            lost = f"{self._given_up} bans were too many to keep" if self._given_up else "nothing was lost"
            self._log.note(Note(Topic.TROUBLE, now, text=f"the state is written again, {lost}"))
            self._forget()

    def _keep(self, wish: Save) -> None:
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
        if len(self._bans) >= CAP:
            del self._bans[next(iter(self._bans))]
            self._given_up += 1
        self._bans[ban.place] = ban if len(self._bans) < EVIDENCE_CAP else replace(ban, evidence=())

    def _kept(self) -> Save:
        return Save(
            tuple(self._bans.values()),
            tuple(self._extended.items()),
            tuple(self._released),
            tuple(self._cursors.values()),
            tuple(self._exemptions.values()),
            tuple(self._unexempted),
        )

    def _forget(self) -> None:
        self._tried_at, self._given_up = None, 0
        for table in (self._bans, self._extended, self._released):
            table.clear()
        for other in (self._cursors, self._exemptions, self._unexempted):
            other.clear()
