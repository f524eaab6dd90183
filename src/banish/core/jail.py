"""One jail at run time: its failures, its bans, and who does not count in it."""

from __future__ import annotations

from dataclasses import dataclass

from banish.core.bans import Bans
from banish.core.config import JailConfig
from banish.core.count import Windows
from banish.core.exempt import Exempt
from banish.core.model import Hit, Instant
from banish.core.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class JailStatus:
    """The figures of a jail: subjects with failures and bans now, failures and bans since the start."""

    name: str
    failing: int
    failures: int
    banned: int
    bans: int


class Jail:
    """The mutable part of a jail; the engine is its only user."""

    def __init__(self, config: JailConfig) -> None:
        self.config = config
        self.windows = _windows(config)
        self.bans = Bans()
        self.exempt = Exempt(config)
        self._verdicts = Verdicts(config.ignorecache) if config.ignorecache else None
        self.failures = 0
        self.banned = 0

    def verdict(self, hit: Hit, now: Instant) -> bool | None:
        """Return what the ignore command said of such a failure, if that is still believed."""
        return self._verdicts.get(hit, now) if self._verdicts is not None else None

    def remember(self, hit: Hit, now: Instant, *, is_known: bool) -> None:
        """Believe the ignore command's word for a while, if the jail does so."""
        if self._verdicts is not None:
            self._verdicts.put(hit, now, is_known=is_known)

    def reconfigure(self, config: JailConfig) -> None:
        """Take over a new configuration; bans stay, failures stay if they are counted the same way."""
        old, self.config = self.config, config
        if (old.maxretry, old.findtime, old.maxmatches) != (
            config.maxretry,
            config.findtime,
            config.maxmatches,
        ):
            self.windows = _windows(config)
        if (old.ignorecommand, old.ignorecache) != (config.ignorecommand, config.ignorecache):
            self._verdicts = Verdicts(config.ignorecache) if config.ignorecache else None
        self.exempt = Exempt(config, self.exempt)

    def status(self) -> JailStatus:
        """Return the figures."""
        return JailStatus(self.config.name, len(self.windows), self.failures, len(self.bans), self.banned)


def _windows(config: JailConfig) -> Windows:
    return Windows(config.maxretry, config.findtime, config.maxmatches)
