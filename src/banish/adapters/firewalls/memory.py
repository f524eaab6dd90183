"""Bans in memory, for dry runs and tests: what the kernel would do, without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from banish.adapters.firewalls.elements import Kind, locate, masked, name
from banish.adapters.firewalls.scopes import Reach, number_of, reaches_of
from banish.core.config import Scope
from banish.core.errors import EnforceError
from banish.core.model import Instant, Place, Subject

_SWEEP_AT_LEAST = 1024  # bans; with fewer, those that are over may stay until they are asked for

_Ends: TypeAlias = "dict[tuple[str, Kind], dict[bytes, Instant]]"


class Memory:
    """The port `Firewall` as plain tables; `arrives` and `flush` play the world around it."""

    def __init__(self) -> None:
        self._reaches: dict[str, tuple[Reach, ...]] | None = None  # unknown until the first wish
        self._ends: _Ends = {}
        self._drops: dict[str, int] = {}
        self._sweep_at = _SWEEP_AT_LEAST
        self._is_lost = False
        self._waiter: asyncio.Future[None] | None = None

    def replace(
        self, fences: Mapping[str, Sequence[Scope]], bans: Iterable[tuple[Place, Instant]], now: Instant
    ) -> None:
        """Make the whole wish true at once; on an error the old one stays in force."""
        reaches = reaches_of(fences)
        ends: _Ends = {}
        for place, until in bans:
            if place.jail in reaches:
                _put(ends, place, until, now)
        self._reaches, self._ends = reaches, ends
        self._drops = {jail: self._drops.get(jail, 0) for jail in reaches}
        self._is_lost = False
        self._sweep(now)

    def apply(self, blocks: Iterable[tuple[Place, Instant]], releases: Iterable[Place], now: Instant) -> None:
        """Add bans and take others away; a ban that is over already is left out."""
        if self._reaches is None:
            raise EnforceError("memory: change bans: nothing is in force yet; replace all bans first")
        for place, until in blocks:
            if place.jail in self._reaches:
                _put(self._ends, place, until, now)
        for jail, subject in releases:
            found = locate(subject)
            if found is not None:
                self._ends.get((jail, found[0]), {}).pop(found[1], None)
        if sum(map(len, self._ends.values())) > self._sweep_at:
            self._sweep(now)

    def bans(self, now: Instant) -> Iterator[tuple[Place, Instant]]:
        """Read back what is in force."""
        for (jail, kind), ends in self._ends.items():
            for key, until in ends.items():
                if until > now:
                    yield Place(jail, name(kind, key)), until

    def drops(self) -> Mapping[str, int]:
        """Packets that `arrives` dropped so far, by jail."""
        return dict(self._drops)

    async def lost(self) -> None:
        """Return after a `flush`, unless a `replace` came between; for one waiter."""
        if not self._is_lost:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self._is_lost = False

    def close(self, *, keep: bool) -> None:
        """Stop; with `keep` the object goes on dropping, as a kernel would."""
        if not keep:
            self._clear()

    def arrives(self, source: Subject, protocol: str, port: int, now: Instant) -> bool:
        """Let a packet arrive from an address, and return whether it is dropped, which is counted."""
        found = locate(source)
        for jail, reaches in (self._reaches or {}).items():
            if (
                found is not None
                and any(one.covers(number_of(protocol), port) for one in reaches)
                and self._is_banned(jail, *found, now)
            ):
                self._drops[jail] += 1
                return True
        return False

    def flush(self) -> None:
        """Forget everything, as when somebody else flushes the kernel's rules."""
        self._clear()
        self._is_lost = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _clear(self) -> None:
        self._reaches, self._ends, self._drops = None, {}, {}

    def _is_banned(self, jail: str, kind: Kind, address: bytes, now: Instant) -> bool:
        return any(
            ends.get(masked(other, address), now) > now
            for (owner, other), ends in self._ends.items()
            if owner == jail and other.family == kind.family
        )

    def _sweep(self, now: Instant) -> None:
        """Forget bans that are over; each sweep waits until there are twice as many as the last one left."""
        for place, ends in self._ends.items():
            self._ends[place] = {key: until for key, until in ends.items() if until > now}
        self._sweep_at = max(_SWEEP_AT_LEAST, 2 * sum(map(len, self._ends.values())))


def _put(ends: _Ends, place: Place, until: Instant, now: Instant) -> None:
    found = locate(place.subject)
    if found is not None and until > now:
        kind, key = found
        ends.setdefault((place.jail, kind), {})[key] = until
