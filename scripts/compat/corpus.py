"""Debian's sample corpus: of every row that the original gives, ours gives the same, and no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from compat.oracle import Oracle
from compat.samples import Group, groups
from compat.verdict import Comparison, Court, Verdict


@dataclass(slots=True)
class Corpus:
    """What a run over the corpus found; `unexpected` are groups with more or fewer rows than annotated."""

    groups: int = 0
    lines: int = 0
    expected: int = 0
    rows: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def add(self, group: Group, comparison: Comparison) -> None:
        """Count a comparison."""
        rows = len(comparison.ours.rows)
        self.groups += 1
        self.lines += len(group.samples)
        self.expected += group.expected
        self.rows += rows
        self.verdicts[comparison.verdict] += 1
        name = group.case().name
        if rows != group.expected:
            self.unexpected.append(f"{name}: {group.expected} lines must match, there are {rows} rows")
        if comparison.verdict is not Verdict.SAME:
            self.differences.append(f"{name}: {comparison.verdict.value}\n{comparison.first_difference}")

    @property
    def is_good(self) -> bool:
        """Whether every row is there, and every difference has its page."""
        return not self.unexpected and not self.verdicts[Verdict.DIFFERENT]

    def __str__(self) -> str:
        verdicts = [f"  {count} {verdict.value}" for verdict, count in self.verdicts.items()]
        counts = (
            f"{self.lines} lines, {self.groups} calls of filters, {self.expected} must match, {self.rows} do"
        )
        return "\n".join([*self.unexpected, *self.differences, f"corpus: {counts}", *verdicts])


def run(oracle: Oracle, court: Court) -> Corpus:
    """Compare group by group."""
    corpus = Corpus()
    for group in groups(oracle.samples, oracle.tree):
        corpus.add(group, court.compare(group.case()))
    return corpus
