"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bench.figures import Program


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of lines, bans and addresses; a tenth of them, or less, to see that everything works."""

    runs: int = 3
    """Of everything that is measured once a run."""
    enough: float = 45.0
    """Seconds; what has taken so long is not run again."""

    lines: int = 1_000_000
    """Of each log that is read."""
    heads: dict[str, int] = field(
        default_factory=lambda: {Program.FAIL2BAN: 100_000, Program.CROWDSEC: 20_000}
    )
    """How many lines of it the slow ones read."""
    requests: int = 5_000
    """How many lines of an access log CrowdSec reads."""
    many_jails: int = 10_000
    """How many lines fail2ban reads with twenty jails."""
    backlog: int = 500_000
    """Lines written at once into the log of a daemon."""

    singles: int = 200
    """Bans measured one by one."""
    singles_of_peer: int = 50
    pauses: tuple[float, float] = (0.05, 0.25)
    """Seconds between them, drawn anew: nobody is measured in step with a clock, or warm from the last."""
    busy_bytes: int = 1 << 30
    """Written at once into another log, while bans are measured."""
    busy_singles: int = 200
    trapped_singles: int = 20
    patience: float = 30.0
    """Seconds after which a ban is taken never to come."""

    flood: int = 5_000
    """Addresses at once."""
    pasts: tuple[int, int, int] = (1_000, 100_000, 1_000_000)
    """Bans before a restart; the last is a full set."""
    in_full: int = 100
    """Bans measured one by one with a full set, through the whole daemon."""
    elements: int = 1_000
    """The same, through the firewall adapter alone."""
    failing: int = 100_000
    """Addresses that fail once each."""
    hour: int = 60
    """Seconds into which an hour of attack is pressed."""
    hour_lines: int = 100
    """Lines a second of the hour."""
    calm: float = 3.0
    """Seconds until nothing is left to do: after a start, and between floods."""


FULL: Final = Sizes()
QUICK: Final = Sizes(
    runs=1,
    lines=20_000,
    heads={Program.FAIL2BAN: 20_000, Program.CROWDSEC: 5_000},
    requests=1_000,
    many_jails=2_000,
    backlog=10_000,
    singles=10,
    singles_of_peer=3,
    pauses=(0.02, 0.08),
    busy_bytes=8 << 20,
    busy_singles=5,
    trapped_singles=2,
    patience=3.0,
    flood=200,
    pasts=(100, 1_000, 10_000),
    in_full=5,
    elements=50,
    failing=2_000,
    hour=6,
    hour_lines=10,
    calm=0.3,
)
