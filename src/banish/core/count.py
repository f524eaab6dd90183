"""Count failures per subject in an exact sliding window, in bounded memory.

A jail bans when `maxretry` failures of one subject lie within `findtime` seconds of each other, both ends
included. fail2ban estimates this from a rate instead; docs/decisions says where the verdicts differ.
"""

from __future__ import annotations

from bisect import insort_right
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, TypeAlias

from banish.core.model import NO_FIELDS, Evidence, Field, Instant, Seconds, Subject

CAP: Final = 100_000  # subjects with failures per jail; about 150 MB at five lines of 200 characters each


_Failure: TypeAlias = "tuple[Instant, int, Evidence, Mapping[str, Field]]"
"""One failure in a window: when, as how many it counts, what it was, and what its lines told besides."""

_AT: Final = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Count:
    """What a subject has done within the window: failures, and the latest of them as evidence.

    `fields` are what the lines of the first one told besides: users, ports and so on.
    """

    failures: int
    last: Instant
    evidence: tuple[Evidence, ...]
    fields: Mapping[str, Field] = field(default_factory=lambda: NO_FIELDS)


class Windows:
    """The failures of one jail: by subject for the lookup, by last failure for forgetting."""

    def __init__(self, maxretry: int, findtime: Seconds, maxmatches: int = 5, cap: int = CAP) -> None:
        self._maxretry = maxretry
        self._findtime = findtime
        self._maxmatches = maxmatches
        self._cap = cap
        self._has_heavy = False  # whether a failure ever weighed more than one
        self._tracks: OrderedDict[Subject, list[_Failure]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tracks)

    def add(
        self,
        subject: Subject,
        evidence: Evidence,
        weight: int = 1,
        fields: Mapping[str, Field] = NO_FIELDS,
    ) -> Count | None:
        """Count a failure; return what led there if it was one too many, and begin from nothing again.

        Failures may come late: one is counted if it lies within `findtime` of the newest.
        """
        track = self._tracks.get(subject)
        failure = evidence.at, weight, evidence, fields
        if track is None:
            track = self._tracks[subject] = [failure]
        else:
            self._tracks.move_to_end(subject)
            insort_right(track, failure, key=_AT)
            self._trim(track)
        if weight != 1:
            self._has_heavy = True
        failures = sum(weight for _, weight, _, _ in track) if self._has_heavy else len(track)
        if failures < self._maxretry:
            return None
        del self._tracks[subject]
        return self._count(track)

    def get(self, subject: Subject) -> Count | None:
        """Return what a subject has done so far."""
        track = self._tracks.get(subject)
        return self._count(track) if track else None

    def forget(self, subject: Subject) -> None:
        """Begin from nothing for this subject."""
        self._tracks.pop(subject, None)

    def overflow(self) -> Subject | None:
        """Return the subject that was given up to stay below the cap, if one had to be."""
        if len(self._tracks) <= self._cap:
            return None
        return self._tracks.popitem(last=False)[0]

    def expire(self, now: Instant) -> None:
        """Forget subjects whose last failure can no longer matter; O(1) for each one forgotten.

        The order is that of arrival; a subject whose failures came late stays until those before it go.
        """
        while self._tracks:
            subject, track = next(iter(self._tracks.items()))
            if track[-1][0] >= now - self._findtime:
                return
            del self._tracks[subject]

    def _trim(self, track: list[_Failure]) -> None:
        """Drop what left the window."""
        oldest = track[-1][0] - self._findtime
        while track[0][0] < oldest:
            del track[0]

    def _count(self, track: list[_Failure]) -> Count:
        kept = track[-self._maxmatches :] if self._maxmatches else []
        evidence = tuple(evidence for _, _, evidence, _ in kept)
        return Count(len(track), track[-1][0], evidence, track[0][3])
