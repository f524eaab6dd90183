"""The fast ways and the clear way say the same of any log: random filters and logs, seeded."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from compat.cases import NOW, block, cases, program
from tests.core.match.logs import Twins, everything_is_large

from banish.core.match import Mode
from banish.core.model import Instant

NOISE = (b"", b" and more %d", b"\r", b" caf\xc3\xa9", b" %d%d")


def noisy(lines: list[bytes], draw: random.Random) -> list[bytes]:
    """Add lines that begin like the others and end otherwise."""
    found = []
    for line in lines * draw.choice((1, 3)):
        found.append(line)
        for _ in range(draw.choice((0, 1, 5))):
            other = draw.choice(lines)
            end = draw.choice(NOISE).replace(b"%d", b"%03d" % draw.randrange(1000))
            found.append(other[: draw.randrange(len(other) + 1)] + end)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_random_filters_find_the_same_in_random_logs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    everything_is_large(monkeypatch, share=draw.choice((1, 2, 8)))
    some = list(cases(seed * 7, draw.choice((1, 1, 2, 4))))
    mode = draw.choice(list(Mode))
    log = block(*some, live=mode is Mode.LIVE)
    lines = log.block.split(b"\n")[:-1]
    if lines and draw.random() < 0.7:
        lines = noisy(lines, draw)
    twins, now = Twins(program(*some), mode), NOW
    cuts = sorted(draw.randrange(len(lines) + 1) for _ in range(draw.choice((0, 1, 3))))
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        part = b"".join(line + b"\n" for line in lines[start:end])
        twins.read_block(replace(log, block=part), now)
        now = Instant(now + draw.choice((0, 0, 1, 100)))
