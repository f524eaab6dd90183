"""Who knocks: a few addresses at a time, each for as long as it likes, then others."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bench.attack import address

_AT_ONCE: Final = 24
_SHAPE: Final = 1.3  # of the Pareto distribution: most knock a few times, some for hours
_LONGEST: Final = 500


@dataclass(slots=True)
class Crowd:
    """Draws the next address; the same for the same random numbers."""

    rng: random.Random
    fresh: int = 0
    """The number of the next address that was not yet here."""

    _there: list[tuple[str, int]] = field(default_factory=list)

    def draw(self) -> str:
        """Return who knocks now."""
        if len(self._there) < _AT_ONCE:
            self._there.append((address(self.fresh), self._patience()))
            self.fresh += 1
        place = int(self.rng.random() * len(self._there))
        who, left = self._there[place]
        if left > 1:
            self._there[place] = who, left - 1
        else:
            self._there[place] = self._there[-1]
            self._there.pop()
        return who

    def _patience(self) -> int:
        return min(_LONGEST, int(4 * self.rng.paretovariate(_SHAPE)))


def chooser(rng: random.Random, shares: Mapping[str, float]) -> Callable[[], str]:
    """Return a function that draws one of the keys, each as often as its share says."""
    keys = list(shares)
    total = sum(shares.values())
    hundreds = [key for key in keys for _ in range(round(1_000 * shares[key] / total))]
    return lambda: hundreds[int(rng.random() * len(hundreds))]
