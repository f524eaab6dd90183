"""What was measured, and what to say of it: one number for many samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

Statistic: TypeAlias = Callable[[Sequence[float]], float]
"""What makes one number of samples, of which there is at least one."""


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the sample that so many percent do not exceed (nearest rank); there must be one."""
    rank = math.ceil(len(samples) * percent / 100)
    return sorted(samples)[max(rank, 1) - 1]


def median(samples: Sequence[float]) -> float:
    """Return the sample in the middle; of an even number the lower one."""
    return percentile(samples, 50)


def almost_all(samples: Sequence[float]) -> float:
    """Return what 99% do not exceed."""
    return percentile(samples, 99)


def growth(samples: Sequence[float]) -> float:
    """Return by how much the last third exceeds the second, by their medians; the first is for warming up."""
    third = len(samples) // 3
    if third == 0:
        return 0.0
    return median(samples[-third:]) - median(samples[third : 2 * third])
