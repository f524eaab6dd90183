"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of bans measured one by one, of addresses at once, of bans in a full set."""

    singles: int
    flood: int
    full: int
    in_full: int  # measured one by one with a full set, through the whole daemon
    elements: int  # measured one by one with a full set, through the firewall adapter
    pauses: tuple[float, float]
    """Seconds between bans, drawn anew: nobody is measured in step with a clock, or warm from the last."""
    calm: float
    """Seconds after a start, until nothing is left to do."""


FULL: Final = Sizes(200, 5_000, 1_000_000, 200, 1_000, pauses=(0.3, 0.7), calm=3.0)
QUICK: Final = Sizes(20, 500, 100_000, 20, 100, pauses=(0.05, 0.15), calm=0.5)
"""A tenth of everything, in a hurry, to see that it works."""
