"""How long this time: ban times that grow for those who come back.

Source: jail.conf(5), `bantime.increment` and the options beside it.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from banish.core.config import Draw, Growth
from banish.core.model import FOREVER, Instant, Offender, Seconds, Subject

_DOUBLINGS: Final = 20  # 2**20 times ten minutes is twenty years
CAP: Final = 200_000  # offenders remembered; about 60 MB


def lengthen(base: Seconds, earlier: int, growth: Growth, draw: Draw) -> Seconds:
    """Return how long a ban lasts after `earlier` bans; `base` for the first.

    Multipliers win over a formula, a formula over doubling. A formula never shortens a ban, a multiplier may.
    `growth.longest` bounds the result before the random part is added, as in fail2ban.
    """
    if earlier < 1 or base == FOREVER:
        return base
    if growth.multipliers:
        step = growth.multipliers[min(earlier, len(growth.multipliers) - 1)]
        length = base * growth.factor * step
    else:
        length = max(base, _grown(base, earlier, growth))
    if growth.longest is not None:
        length = min(length, growth.longest)
    return Seconds(length + draw() * growth.jitter)


def _grown(base: Seconds, earlier: int, growth: Growth) -> float:
    if growth.formula is None:
        return base * (1 << min(earlier, _DOUBLINGS)) * growth.factor
    try:
        length = float(growth.formula(base, earlier, growth.factor))
    except (ArithmeticError, ValueError):
        return base  # a formula that fails for this count must not free anybody
    return base if math.isnan(length) else length


def weight(earlier: int, maxretry: int) -> int:
    """Return how many failures one failure of a known offender counts as; 1 for everybody else."""
    if earlier < 1:
        return 1
    return min((1 << min(earlier, _DOUBLINGS)) // 2 + 1, maxretry)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of earlier bans: how many, and when the last was."""

    count: int = 0
    last: Instant = Instant(0)


class Offenders:
    """Those banned before, by subject; beyond `cap` the one whose last ban is longest ago is forgotten."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._known: OrderedDict[Subject, tuple[Offender, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def put(self, offender: Offender) -> None:
        """Remember an offender; what was known of this jail is replaced."""
        others = (known for known in self._known.get(offender.subject, ()) if known.jail != offender.jail)
        self._known[offender.subject] = (*others, offender)
        self._known.move_to_end(offender.subject)
        if len(self._known) > self._cap:
            self._known.popitem(last=False)

    def forgive(self, subject: Subject, jail: str) -> bool:
        """Forget the bans of a subject in one jail; say whether there were any."""
        records = self._known.get(subject, ())
        others = tuple(known for known in records if known.jail != jail)
        if len(others) == len(records):
            return False
        if others:
            self._known[subject] = others
        else:
            del self._known[subject]
        return True

    def past(self, subject: Subject, jail: str | None) -> Past:
        """Return the past of a subject in one jail, or summed over all."""
        records = [known for known in self._known.get(subject, ()) if jail in {None, known.jail}]
        if not records:
            return Past()
        return Past(sum(record.count for record in records), max(record.last for record in records))
