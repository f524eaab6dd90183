"""Who is banned now, by jail: asked by subject, and by end.

Only the end of each ban is kept here; the kernel owns expiry and the store owns the rest, so a million bans
take one dictionary entry each.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from math import ceil

from banish.core.model import NEVER, Instant, Subject
from banish.core.subject import AddressSet


class Bans:
    """The bans of one jail.

    Ends are filed by the full second by which they are over. A ban whose end moves stays filed where it is,
    and is filed anew when that second comes: however often it is prolonged, it has one entry.
    """

    def __init__(self) -> None:
        self._until: dict[Subject, Instant] = {}
        self._networks = AddressSet()
        self._agenda: dict[int, list[Subject]] = {}
        self._seconds: list[int] = []

    def __len__(self) -> int:
        return len(self._until)

    def __iter__(self) -> Iterator[tuple[Subject, Instant]]:
        return iter(self._until.items())

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._until

    def until(self, subject: Subject) -> Instant | None:
        """Return when the ban of a subject ends."""
        return self._until.get(subject)

    def covering(self, subject: Subject) -> tuple[Subject, Instant] | None:
        """Return the ban that keeps a subject out: its own, or that of a network it is in."""
        banned = subject if subject in self._until else self._networks.find(subject)
        until = None if banned is None else self._until.get(banned)
        return None if banned is None or until is None else (banned, until)

    def put(self, subject: Subject, until: Instant) -> None:
        """Ban a subject, or move the end of its ban."""
        old = self._until.get(subject)
        self._until[subject] = until
        if "/" in subject:
            self._networks.add(subject)
        if until != NEVER and (old is None or until < old):
            self._file(subject, ceil(until))

    def _file(self, subject: Subject, second: int) -> None:
        due = self._agenda.get(second)
        if due is None:
            self._agenda[second] = [subject]
            heappush(self._seconds, second)
        else:
            due.append(subject)

    def drop(self, subject: Subject) -> bool:
        """End the ban of a subject; say whether there was one."""
        if self._until.pop(subject, None) is None:
            return False
        if "/" in subject:
            self._networks.discard(subject)
        return True

    def due(self, now: Instant) -> list[Subject]:
        """End every ban whose time is over, and return them in the order of their ends, to the second."""
        ended: list[Subject] = []
        while self._seconds and self._seconds[0] <= now:
            second = heappop(self._seconds)
            for subject in self._agenda.pop(second):
                until = self._until.get(subject, NEVER)
                if until <= second:
                    self.drop(subject)
                    ended.append(subject)
                elif until != NEVER:
                    self._file(subject, ceil(until))
        return ended

    def next_end(self) -> Instant:
        """Return when `due` may have something to do again."""
        return Instant(self._seconds[0]) if self._seconds else NEVER
