"""The order of the trials: each program in fresh homes, one after the other, never two at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench import trials
from bench.attack import addresses
from bench.daemon import Daemon, banish, fail2ban
from bench.ear import forget_everything
from bench.figures import (
    AGAIN,
    AGAIN_FULL,
    ELEMENT,
    FLOOD,
    FULL_MEMORY,
    FULL_PEAK,
    IDLE,
    SINGLE,
    SINGLE_FULL,
    Samples,
)
from bench.home import Home
from bench.past import fill_set_of_peer, remember
from bench.peer import Peer
from bench.sizes import Sizes

_LATER: Final = 10_000_000
"""The number of the first address that was not banned before."""


class Session:
    """Measures everything, and says meanwhile what it is at."""

    def __init__(self, root: Path, peer: Peer | None, sizes: Sizes, tell: Callable[[str], None]) -> None:
        self._root = root
        self._peer = peer
        self._sizes = sizes
        self._tell = tell

    def banish(self) -> Samples:
        """Measure Banish."""
        samples: Samples = {}
        self._idle_and_single(banish(self._home("banish-1")), samples)
        self._flood_and_restart(banish(self._home("banish-2")), samples)
        self._in_full(banish(self._home("banish-3")), samples)
        self._say("banish", f"{self._sizes.elements} elements, {self._sizes.full:,} in the set")
        samples[ELEMENT] = trials.single_elements(self._sizes.full, self._sizes.elements)
        return samples

    def fail2ban(self, peer: Peer) -> Samples:
        """Measure fail2ban; a full set is filled for it, since by itself it would take hours."""
        samples: Samples = {}
        self._idle_and_single(fail2ban(self._home("fail2ban-1"), peer), samples, fill=True)
        self._flood_and_restart(fail2ban(self._home("fail2ban-2"), peer), samples)
        return samples

    def _idle_and_single(self, daemon: Daemon, samples: Samples, *, fill: bool = False) -> None:
        sizes = self._sizes
        self._say(daemon.name, f"{sizes.singles} bans one by one")
        try:
            daemon.start()
            time.sleep(self._sizes.calm)
            samples[IDLE] = [float(daemon.memory().now)]
            samples[SINGLE] = self._singles(daemon, 0, sizes.singles)
            if fill:
                self._say(daemon.name, f"{sizes.in_full} bans one by one, {sizes.full:,} in the set")
                fill_set_of_peer(_LATER, sizes.full)
                samples[SINGLE_FULL] = self._singles(daemon, sizes.full, sizes.in_full)
        finally:
            daemon.stop()
            forget_everything()

    def _flood_and_restart(self, daemon: Daemon, samples: Samples) -> None:
        whom = addresses(0, self._sizes.flood)
        self._say(daemon.name, f"{len(whom):,} addresses at once, and a restart with them")
        try:
            daemon.start()
            time.sleep(self._sizes.calm)
            samples[FLOOD] = [trials.all_at_once(daemon, whom)]
            samples[AGAIN] = [trials.restart(daemon, whom)]
        finally:
            daemon.stop()
            forget_everything()

    def _in_full(self, daemon: Daemon, samples: Samples) -> None:
        sizes = self._sizes
        self._say(daemon.name, f"a restart with {sizes.full:,} bans, and {sizes.in_full} more one by one")
        remember(daemon.home, sizes.full)
        try:
            daemon.start()
            samples[AGAIN_FULL] = [trials.restart_in_full(daemon, sizes.full)]
            time.sleep(self._sizes.calm)
            memory = daemon.memory()
            samples[FULL_MEMORY], samples[FULL_PEAK] = [float(memory.now)], [float(memory.most)]
            samples[SINGLE_FULL] = self._singles(daemon, sizes.full, sizes.in_full)
        finally:
            daemon.stop()
            forget_everything()

    def _singles(self, daemon: Daemon, first: int, bans: int) -> list[float]:
        return trials.single_bans(daemon, addresses(first, bans + 1), self._sizes.pauses)

    def _home(self, name: str) -> Home:
        return Home(self._root / name, self._peer)

    def _say(self, name: str, text: str) -> None:
        self._tell(f"{name}: {text}")
