"""Debian's own filters, and logs grown from its samples: mixed, mutated, with hosts of ours put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from random import Random
from typing import Final

from banish.core.dates import DateReader
from banish.core.model import Instant
from compat.case import NOW, YEAR, Case
from compat.samples import Group
from compat.words import HOSTS, USERS, date, odd

_PATTERN: Final = r"^%Y-%m-%dT%H:%M:%S[ ]"
_ADDRESS: Final = re.compile(
    rb"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:])"
)
_PID: Final = re.compile(rb"(?<=\[)\d{3,6}(?=\])")
_USER: Final = re.compile(rb"(?<=user )\w+|(?<=user=)\w+|\broot\b")


def case(seed: int, groups: Sequence[Group]) -> Case:
    """Grow a log from the samples of some filter."""
    rng = Random(f"samples {seed}")
    group = rng.choice(groups)
    plain = group.case()
    lines = _mixed(rng, plain.lines)
    if rng.random() < 0.5:
        lines = [_few_numbers(rng, line) for line in lines]
    lines = [_mutated(rng, line) for line in lines]
    made = replace(
        plain.with_lines(lines), name=f"samples {seed}", usedns=rng.choice(("raw", "raw", "warn", "no"))
    )
    return made if plain.datepattern or rng.random() < 0.5 else _dated_anew(rng, made)


def _mixed(rng: Random, lines: Sequence[bytes]) -> list[bytes]:
    """Take a stretch of lines as it stands, several interleaved, or some at random."""
    count = rng.choice((3, 10, 30, 60))
    if rng.random() < 0.3:
        return [rng.choice(lines) for _ in range(count)]
    starts = [rng.randrange(len(lines)) for _ in range(rng.choice((1, 2, 3)))]
    stretches = [list(lines[start : start + count // len(starts)]) for start in starts]
    mixed = []
    while stretches := [stretch for stretch in stretches if stretch]:
        mixed.append(rng.choice(stretches).pop(0))
    return mixed


def _few_numbers(rng: Random, line: bytes) -> bytes:
    """Let connections have numbers that others have too."""
    return _PID.sub(lambda _: str(rng.randrange(100, 104)).encode(), line)


def _mutated(rng: Random, line: bytes) -> bytes:
    if rng.random() < 0.3:
        line = _ADDRESS.sub(lambda _: rng.choice(HOSTS).encode(), line, count=rng.choice((0, 1)))
    if rng.random() < 0.2:
        line = _USER.sub(lambda _: rng.choice(USERS).encode(), line, count=rng.choice((0, 1)))
    for _ in range(rng.choice((0, 0, 0, 1, 1, 3))):
        line = odd(rng, line)
    return line.replace(b"\n", b"")


def _dated_anew(rng: Random, made: Case) -> Case:
    """Put a date of the last minutes in the place of what the line has, in front of it."""
    reader = DateReader((), UTC, YEAR, "")
    age = 290.0
    lines = []
    for line in made.lines:
        age -= rng.random() * age / 20
        dated = reader.read(line.decode("latin-1"), Instant(NOW))  # bytes for bytes
        rest = (dated.before + dated.after).encode("latin-1") if dated else line
        lines.append(f"{date('%Y-%m-%dT%H:%M:%S', age)} ".encode() + rest)
    return replace(made.with_lines(lines), datepattern=_PATTERN)
