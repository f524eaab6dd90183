"""What is measured, one function for each figure; all run in namespaces of our own.

Times begin before the last line is written, or before the program is started, and end when the kernel says
that the address is in its set.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Final

from banish.adapters.firewalls.nftables import Nftables
from banish.core.config import Scope
from banish.core.model import Instant, Place, Subject
from bench.attack import addresses, failure, flood
from bench.daemon import Daemon
from bench.ear import Ear, count
from bench.errors import TrialError
from bench.home import BANTIME, FAILURES

_PATIENCE: Final = 300.0


def single_bans(daemon: Daemon, whom: Sequence[str], pauses: tuple[float, float]) -> list[float]:
    """Return how long each of these takes from the line of its last failure to the kernel, but the first.

    The failures before are written first; when the first one is banned they have been read.
    """
    drawn = random.Random(1)
    with Ear() as ear:
        daemon.home.append(flood(list(whom), FAILURES - 1, time.time()))
        samples = []
        for number, who in enumerate(whom, len(whom) * FAILURES):
            time.sleep(drawn.uniform(*pauses))
            line = failure(who, time.time(), number)
            begun = time.monotonic()
            daemon.home.append([line])
            samples.append(ear.await_all([who], _PATIENCE) - begun)
    return samples[1:]


def all_at_once(daemon: Daemon, whom: Sequence[str]) -> float:
    """Return how long it takes until all of these are in the kernel, whose lines are written at once."""
    lines = list(flood(list(whom), FAILURES, time.time()))
    with Ear() as ear:
        begun = time.monotonic()
        daemon.home.append(lines)
        return ear.await_all(whom, _PATIENCE) - begun


def restart(daemon: Daemon, whom: Sequence[str]) -> float:
    """Return how long a start takes until all that are remembered are in the kernel, by its notifications."""
    daemon.stop()
    with Ear() as ear:
        begun = daemon.start()
        return ear.await_all(whom, _PATIENCE) - begun


def restart_in_full(daemon: Daemon, bans: int) -> float:
    """Return how long Banish takes to restart with very many bans, until it says so; the kernel counts them.

    Nobody listens meanwhile: to tell of a million elements would take the kernel longer than to add them.
    """
    daemon.stop()
    begun = daemon.start()
    taken = time.monotonic() - begun
    if (there := count("banish")) != bans:
        raise TrialError(f"{there} bans are in the kernel, not {bans}")
    return taken


def single_elements(full: int, elements: int) -> list[float]:
    """Return how long the firewall adapter takes for one ban each, with very many in the set."""
    now = Instant(time.time())
    until = Instant(now + BANTIME)
    places = [Place("sshd", Subject(who)) for who in addresses(0, full + elements)]
    firewall = Nftables()
    samples = []
    try:
        firewall.replace(
            {"sshd": [Scope("tcp", ((22, 22),))]}, ((place, until) for place in places[:full]), now
        )
        for place in places[full:]:
            begun = time.monotonic()
            firewall.apply([(place, until)], (), now)
            samples.append(time.monotonic() - begun)
    finally:
        firewall.close(keep=False)
    return samples
