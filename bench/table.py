"""The one table: what was measured, what was promised, and how the two programs compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bench.figures import (
    AGAIN,
    AGAIN_FULL,
    ELEMENT,
    FLOOD,
    FULL_MEMORY,
    FULL_PEAK,
    IDLE,
    SINGLE,
    SINGLE_FULL,
    Figures,
    Samples,
)
from bench.samples import percentile
from bench.sizes import Sizes

HEAD: Final = ("", "target", "Banish", "", "fail2ban", "ratio")
_NONE: Final = "-"


class Row(NamedTuple):
    """One figure: of which trial, which percentile of its samples, and what it must not exceed."""

    text: str
    trial: str
    percent: float = 50
    unit: str = "s"
    target: float | None = None


class Unit(NamedTuple):
    """How to write a figure: its name, and how much of what was measured it is."""

    name: str
    size: float


_UNITS: Final = {
    "s": Unit("s", 1),
    "ms": Unit("ms", 1e-3),
    "MB": Unit("MB", 1e6),
}


def rows(sizes: Sizes) -> list[Row]:
    """Return what the table has to say."""
    flood, full = f"{sizes.flood:,}", f"{sizes.full:,}"
    return [
        Row("log line → kernel, median", SINGLE, 50, "ms"),
        Row("log line → kernel, 99%", SINGLE, 99, "ms", 0.010),
        Row(f"{flood} addresses at once → all in the kernel", FLOOD, 50, "s", 0.5),
        Row(f"one element, {full} in the set, median", ELEMENT, 50, "ms"),
        Row(f"one element, {full} in the set, 99%", ELEMENT, 99, "ms", 0.001),
        Row(f"log line → kernel, {full} in the set, median", SINGLE_FULL, 50, "ms"),
        Row(f"log line → kernel, {full} in the set, 99%", SINGLE_FULL, 99, "ms"),
        Row(f"restart with {flood} bans → all in the kernel", AGAIN, 50, "s"),
        Row(f"restart with {full} bans → all in the kernel", AGAIN_FULL, 50, "s", 8.0),
        Row("resident memory, idle", IDLE, 50, "MB"),
        Row(f"resident memory with {full} bans", FULL_MEMORY, 50, "MB"),
        Row("the most it ever was", FULL_PEAK, 50, "MB"),
    ]


def cells(row: Row, figures: Figures) -> tuple[str, ...]:
    """Return a row as it is to be printed, in the columns of `HEAD`."""
    ours, theirs = _figure(row, figures.banish), _figure(row, figures.fail2ban)
    unit = _UNITS[row.unit]
    verdict = "" if row.target is None or ours is None else "met" if ours <= row.target else "MISSED"
    return (
        row.text,
        _NONE if row.target is None else f"≤ {row.target / unit.size:g} {unit.name}",
        _written(ours, unit),
        verdict,
        _written(theirs, unit),
        _NONE if ours is None or theirs is None else f"{_short(theirs / ours)} x",
    )


def _figure(row: Row, samples: Samples) -> float | None:
    return percentile(samples[row.trial], row.percent) if row.trial in samples else None


def _written(value: float | None, unit: Unit) -> str:
    return _NONE if value is None else f"{_short(value / unit.size)} {unit.name}"


def _short(value: float) -> str:
    """Return a number with three digits that count, and no fewer before the point than it has."""
    digits = next((places for limit, places in ((1, 3), (10, 2), (100, 1)) if value < limit), 0)
    return f"{value:,.{digits}f}"


def layout(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield lines with their columns aligned: the first to the left, all others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        first, *rest = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join((first, *rest)).rstrip()


def table(sizes: Sizes, figures: Figures) -> str:
    """Return the table."""
    lines = [HEAD, *(cells(row, figures) for row in rows(sizes))]
    head, *body = layout(lines)
    return "\n".join((head, "─" * max(map(len, (head, *body))), *body))
