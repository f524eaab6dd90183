"""What an ignore command said before, so that it need not be asked for every failure (`ignorecache`)."""

from __future__ import annotations

from collections import OrderedDict

from banish.core.config import IgnoreCache
from banish.core.model import Hit, Instant


class Verdicts:
    """Verdicts by a key of the failure; each is believed for a time, and beyond the cap the oldest goes."""

    def __init__(self, cache: IgnoreCache) -> None:
        self._cache = cache
        self._known: OrderedDict[str, tuple[bool, Instant]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, hit: Hit, now: Instant) -> bool | None:
        """Return whether such a failure is to be ignored; nothing if that is not known, or no longer."""
        verdict, until = self._known.get(self._cache.key(hit), (None, now))
        return verdict if until > now else None

    def put(self, hit: Hit, now: Instant, *, is_known: bool) -> None:
        """Remember a verdict from now on."""
        key = self._cache.key(hit)
        self._known.pop(key, None)
        if len(self._known) >= self._cache.most:
            self._known.popitem(last=False)
        self._known[key] = is_known, Instant(now + self._cache.seconds)
