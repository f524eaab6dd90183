"""The one table: what was measured, what is to be reached, how many times better Banish is than each peer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from bench.figures import Figures, Program
from bench.rows import Row, Target, Unit, rows
from bench.sizes import Sizes

NAMES: Final = {
    Program.BANISH: "Banish",
    Program.FAIL2BAN: "fail2ban",
    Program.SSHGUARD: "sshguard",
    Program.CROWDSEC: "CrowdSec",
    Program.GREP: "grep -c",
}
"""How the programs are called in print."""

PEERS: Final = (Program.FAIL2BAN, Program.SSHGUARD, Program.CROWDSEC, Program.GREP)
HEAD: Final = ("", "target", "Banish", "", *(NAMES[peer] for peer in PEERS))
_NONE: Final = "-"
_DIGITS: Final = ((0.01, 4), (1, 3), (10, 2), (100, 1))
"""How many after the point for figures below a limit."""
_VERDICTS: Final = {None: "", True: "met", False: "MISSED"}


def cells(row: Row, figures: Figures) -> tuple[str, ...]:
    """Return a row as it is to be printed, in the columns of `HEAD`."""
    return (
        row.text,
        ", ".join(_target(row, target) for target in row.targets) or _NONE,
        written(row.figure(figures, Program.BANISH), row.unit),
        _VERDICTS[row.verdict(figures)],
        *(_of_peer(row, figures, peer) for peer in PEERS),
    )


def _target(row: Row, target: Target) -> str:
    sign = "≥" if row.unit.more else "≤"
    if target.is_bare:
        return f"{sign} {target.factor / row.unit.size:g} {row.unit.name}"
    other = target.trial if target.program is None else NAMES[target.program]
    return f"{sign} {target.factor:.3g} x {other}"


def _of_peer(row: Row, figures: Figures, peer: Program) -> str:
    """Return what a peer reached, and how many times better Banish is."""
    ratio = row.ratio(figures, peer)
    figure = written(row.figure(figures, peer), row.unit)
    return figure if ratio is None or not math.isfinite(ratio) else f"{figure} ({short(ratio)} x)"


def written(value: float | None, unit: Unit) -> str:
    """Return a figure as it is to be printed."""
    if value is None:
        return _NONE
    return "never" if math.isinf(value) else f"{short(value / unit.size)} {unit.name}"


def short(value: float) -> str:
    """Return a number with three digits that count, and no fewer before the point than it has."""
    digits = next((places for limit, places in _DIGITS if abs(value) < limit), 0)
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


def lines(sizes: Sizes, figures: Figures) -> list[tuple[str, ...]]:
    """Return the rows of which anything was measured."""
    return [
        cells(row, figures)
        for row in rows(sizes)
        if any(figures.of(program, row.trial) for program in Program)
    ]


def table(sizes: Sizes, figures: Figures) -> str:
    """Return the table, for a terminal."""
    head, *body = layout([HEAD, *lines(sizes, figures)])
    return "\n".join((head, "─" * max(map(len, (head, *body))), *body))


def markdown(sizes: Sizes, figures: Figures) -> str:
    """Return the table, for a page."""
    rule = ("---", *["--:"] * (len(HEAD) - 1))
    body = [[cell.replace("MISSED", "**missed**") for cell in line] for line in lines(sizes, figures)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (HEAD, rule, *body))
