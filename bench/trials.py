"""What is measured, one function for each figure; all run in namespaces of our own.

Times begin before the last line is written, or before the program is started, and end when the kernel says
that the address is in its set.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from banish.adapters.firewalls.nftables import Nftables
from banish.core.config import Scope
from banish.core.model import Instant, Place, Subject
from bench.attack import addresses, failure, flood
from bench.daemon import Daemon
from bench.ear import Ear, count
from bench.errors import SilenceError, TrialError
from bench.home import BANTIME, FAILURES, write

_PATIENCE: Final = 300.0


class Pace(NamedTuple):
    """How bans are measured one by one."""

    pauses: tuple[float, float]
    patience: float
    """Seconds after which a ban is taken never to come; nothing more is measured then."""
    enough: float
    """Seconds after which nothing more is measured."""


def single_bans(
    daemon: Daemon,
    whom: Sequence[str],
    pace: Pace,
    then: Callable[[], None] = lambda: None,
    until: str | None = None,
) -> list[float]:
    """Return how long each of these takes from the line of its last failure to the kernel, but the first.

    The failures before are written first; when the first one is banned they have been read, and something
    may be done (`then`). It ends early once the address `until` is banned.
    """
    drawn = random.Random(1)
    samples: list[float] = []
    with Ear() as ear:
        daemon.home.append(flood(list(whom), FAILURES - 1, time.time()))
        _single(daemon, ear, whom[0], _PATIENCE)
        then()
        begun = time.monotonic()
        for who in whom[1:]:
            time.sleep(drawn.uniform(*pace.pauses))
            if until is not None and ear.has_heard(until):
                break
            try:
                samples.append(_single(daemon, ear, who, pace.patience))
            except SilenceError:
                return [*samples, math.inf]
            if time.monotonic() - begun > pace.enough:
                break
    return samples


def _single(daemon: Daemon, ear: Ear, who: str, patience: float) -> float:
    line = failure(who, time.time(), random.randrange(1 << 20))
    begun = time.monotonic()
    daemon.home.append([line])
    return ear.await_all([who], patience) - begun


def all_at_once(daemon: Daemon, whom: Sequence[str]) -> float:
    """Return how long it takes until all of these are in the kernel, whose lines are written at once."""
    lines = list(flood(list(whom), FAILURES, time.time()))
    with Ear() as ear:
        begun = time.monotonic()
        daemon.home.append(lines)
        return ear.await_all(whom, _PATIENCE) - begun


def backlogs(daemon: Daemon, text: bytes, whom: Sequence[str]) -> float:
    """Return how long a text takes that is written at once into a log for each of these, who end it."""
    logs = (daemon.home.log, daemon.home.other)
    ends = ["".join(flood([who], FAILURES, time.time())).encode() for who in whom]
    with Ear() as ear:
        begun = time.monotonic()
        for log, end in zip(logs, ends, strict=False):
            write(log, text + end)
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
