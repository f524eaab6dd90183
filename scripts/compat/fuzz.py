"""The differential fuzzer: numbered cases, the same for the same seed, spread over all processors."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import Final, NamedTuple

from compat import grammar, mutation
from compat.case import ZONE, Case
from compat.oracle import Oracle
from compat.ours import Ours
from compat.releases import follow
from compat.samples import Group, groups
from compat.shrink import smallest
from compat.theirs import Theirs
from compat.verdict import Comparison, Court, Verdict

BATCH: Final = 25  # cases handed to a process at once


class Finding(NamedTuple):
    """A case in which both differ, made as small as possible."""

    case: Case
    comparison: Comparison

    def __str__(self) -> str:
        case = self.case
        given = (("-d", case.datepattern), ("-e", case.encoding), ("--timezone", case.timezone))
        options = " ".join(
            [f"usedns={case.usedns}", *(f"{name} {value!r}" for name, value in given if value)]
        )
        log = "\n".join(f"  {line!r}" for line in case.lines)
        return (
            f"{case.name}: {case.call} {options}\n{case.definition}{log}\n{self.comparison.first_difference}"
        )


@dataclass(slots=True)
class Tally:
    """What came of many cases; `rows` counts failures that both found."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many there were."""
        return self.verdicts.total()

    @property
    def is_good(self) -> bool:
        """Whether nothing differs, and nearly every case was decided."""
        return not self.findings and self.verdicts[Verdict.SLOW] * 100 <= self.cases

    def add(self, other: Tally) -> None:
        """Count another's too."""
        self.verdicts += other.verdicts
        self.rows += other.rows
        self.findings += other.findings

    def __str__(self) -> str:
        verdicts = [f"  {count} {verdict.value}" for verdict, count in self.verdicts.most_common()]
        return "\n".join([*map(str, self.findings), f"{self.cases} cases, {self.rows} rows", *verdicts])


def court(oracle: Oracle) -> Court:
    """Return both programs; from now on this process lives in the zone of the cases, and by that release."""
    os.environ["TZ"] = ZONE
    time.tzset()
    follow(oracle.version())
    return Court(Theirs(oracle), Ours(oracle.tree))


def make(seed: int, oracle: Oracle) -> Case:
    """Return the case of a number: every second one is grown from Debian's samples."""
    return mutation.case(seed, _groups(oracle)) if seed % 2 else grammar.case(seed)


@cache
def _groups(oracle: Oracle) -> tuple[Group, ...]:
    return tuple(groups(oracle.samples, oracle.tree))


def judge(seeds: Iterable[int], oracle: Oracle, judges: Court) -> Tally:
    """Compare these cases; those that differ are made small."""
    tally = Tally()
    for seed in seeds:
        case = make(seed, oracle)
        comparison = judges.compare(case)
        tally.verdicts[comparison.verdict] += 1
        if comparison.verdict is Verdict.DIFFERENT:
            case = smallest(case, lambda case: judges.compare(case).verdict is Verdict.DIFFERENT)
            tally.findings.append(Finding(case, judges.compare(case)))
        else:
            tally.rows += len(comparison.ours.rows)
    return tally


_court = cache(court)  # one in each process


def _batch(seeds: range, oracle: Oracle) -> Tally:
    return judge(seeds, oracle, _court(oracle))


def run(
    first: int,
    count: int,
    oracle: Oracle,
    say: Callable[[Tally], None] = lambda _: None,
    jobs: int | None = None,
) -> Tally:
    """Judge `count` cases from number `first` on; `say` hears of the state after every batch."""
    tally = Tally()
    batches = [range(at, min(at + BATCH, first + count)) for at in range(first, first + count, BATCH)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_batch, batches, [oracle] * len(batches)):
            tally.add(part)
            say(tally)
    return tally
