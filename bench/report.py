"""What is printed and kept in the end: the table, how to read it, and every sample."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from bench.figures import Figures, Program
from bench.home import FAILURES
from bench.sizes import FULL, Sizes
from bench.table import NAMES, table

_BUSY = 0.5
"""Load above which figures are worse than they could be."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the bench, of which all that is shown is made."""

    sizes: Sizes
    figures: Figures
    about: Mapping[str, str]
    """The machine and the programs, by name."""
    load: float
    """Of the machine before it began."""

    def text(self) -> str:
        """Return all that is to be read."""
        width = max(map(len, self.about))
        machine = [f"{name:<{width}}  {text}" for name, text in self.about.items()]
        notes = [f"- {note}" for note in self.notes()]
        return "\n".join((table(self.sizes, self.figures), "", *machine, "", *notes))

    def write(self, path: Path) -> None:
        """Keep every sample, in seconds, bytes or lines a second, in the order of measurement."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = asdict(self)
        kept["figures"]["samples"] = {
            program: {trial: [_finite(each) for each in samples] for trial, samples in trials.items()}
            for program, trials in self.figures.samples.items()
        }
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what was kept."""
        kept: Any = json.loads(path.read_text(), object_hook=_infinite)
        sizes: Any = {
            name: tuple(each) if isinstance(each, list) else each for name, each in kept["sizes"].items()
        }
        return cls(Sizes(**sizes), Figures(**kept["figures"]), kept["about"], kept["load"])

    def notes(self) -> Iterator[str]:
        """Yield how to read the table."""
        sizes = self.sizes
        yield (
            f"medians of {sizes.runs} runs, {sizes.singles} single bans ({sizes.singles_of_peer} of peers);"
            f" what had taken {sizes.enough:g} s was not run again"
        )
        yield "in brackets: how many times better Banish is; k/s: thousands of lines a second, start included"
        yield (
            f"logs have {sizes.lines:,} lines; fail2ban reads the first {sizes.heads[Program.FAIL2BAN]:,}"
            f" ({sizes.many_jails:,} with 20 jails), CrowdSec {sizes.heads[Program.CROWDSEC]:,}"
            f" ({sizes.requests:,} requests), and their start is taken off"
        )
        yield "fail2ban reads a log once for each jail; sshguard and CrowdSec always look for all they know"
        yield f"kernel: when its notification of the new element arrives; never: not in {sizes.patience:g} s"
        yield f"an address is banned for {FAILURES} failures; the time runs from the line of the last one"
        yield from (f"{NAMES[Program(name)]}: {why}" for name, why in self.figures.absent.items())
        yield from self.figures.failed
        if sizes != FULL:
            yield "quick: a fraction of everything; the targets are meant for the whole"
        if self.load > _BUSY:
            yield f"this machine was busy at the start (load {self.load:.1f}); idle it is faster"


def _infinite(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what `_finite` made of samples as they were."""
    return {
        name: [math.inf if each is None else each for each in value] if isinstance(value, list) else value
        for name, value in kept.items()
    }


def _finite(sample: float) -> float | None:
    return None if math.isinf(sample) else sample
