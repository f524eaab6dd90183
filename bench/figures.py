"""What was measured: raw samples of each program, by the name of the trial."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Samples: TypeAlias = "dict[str, list[float]]"
"""Seconds, or bytes of memory, in the order in which they were measured."""

IDLE = "idle memory"
SINGLE = "single"
FLOOD = "flood"
AGAIN = "restart"
AGAIN_FULL = "restart in full"
FULL_MEMORY = "memory in full"
FULL_PEAK = "most memory in full"
SINGLE_FULL = "single in full"
ELEMENT = "element in full"


@dataclass(frozen=True, slots=True)
class Figures:
    """The samples of both; `absent` says why a program has none."""

    banish: Samples = field(default_factory=dict)
    fail2ban: Samples = field(default_factory=dict)
    absent: str = ""
