"""A real log grown to any length: the same lines, fresh addresses in each pass, times that end now."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.attack import address
from bench.errors import UnfitError
from bench.stamps import SYSLOG, stamps

_ADDRESS: Final = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")
_STAMP: Final = len("Nov 21 01:02:03")


def grown(path: Path, count: int, end: float, seed: int = 4) -> Iterator[str]:
    """Yield as many lines of a syslog, the last one written at `end`; the same for the same arguments."""
    bodies = [line[_STAMP:] for line in path.read_text(errors="replace").splitlines() if len(line) > _STAMP]
    if not bodies:
        raise UnfitError(f"{path}: there is no line; name a syslog")
    rng = random.Random(seed)
    seen: dict[str, str] = {}
    for number, stamp in enumerate(stamps(count, end, SYSLOG)):
        place = number % len(bodies)
        if place == 0:
            seen.clear()
        body = _ADDRESS.sub(
            lambda found: seen.setdefault(found[0], address(rng.randrange(1 << 29))), bodies[place]
        )
        yield f"{stamp}{body}\n"
