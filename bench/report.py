"""What is printed and kept in the end: the table, how to read it, and every sample."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.figures import Figures
from bench.home import FAILURES
from bench.sizes import FULL, Sizes
from bench.table import table

_BUSY: Final = 0.5
"""Load above which figures are worse than they could be."""


def report(sizes: Sizes, figures: Figures, about: Mapping[str, str], load: float) -> str:
    """Return all that is to be read."""
    width = max(map(len, about))
    machine = [f"{name:<{width}}  {text}" for name, text in about.items()]
    notes = [f"- {note}" for note in _notes(sizes, figures, load)]
    return "\n".join((table(sizes, figures), "", *machine, "", *notes))


def write(path: Path, sizes: Sizes, figures: Figures, about: Mapping[str, str], load: float) -> None:
    """Keep every sample, in seconds and bytes, in the order in which they were measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"machine": dict(about), "load": load, "sizes": asdict(sizes), **asdict(figures)}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def _notes(sizes: Sizes, figures: Figures, load: float) -> Iterator[str]:
    full = f"{sizes.full:,}"
    yield (
        "kernel: when the notification of the new element arrives here;"
        f" {sizes.singles} bans, {sizes.in_full} and {sizes.elements:,} with {full} in the set"
    )
    yield f"an address is banned for {FAILURES} failures; the time runs from the line of the last one"
    if figures.fail2ban:
        yield f"fail2ban with {full} in the set: put there by nft; to ban as many it would need hours"
        yield f"fail2ban restarted with {full}: not tried, see the restart with {sizes.flood:,}"
    else:
        yield f"fail2ban: {figures.absent}"
    if sizes != FULL:
        yield "quick: a tenth of everything; the targets are meant for the whole"
    if load > _BUSY:
        yield f"this machine was busy at the start (load {load:.1f}); idle it is faster"
