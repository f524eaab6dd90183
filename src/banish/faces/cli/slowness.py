"""Which expressions take long on a crafted line: the core says what to try, a stopwatch how long it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from banish.adapters.stopwatch import Trial, measure
from banish.core.config import Problem
from banish.core.lint.explosion import LENGTHS, Suspect, verdict
from banish.core.lint.inspection import Expression


@dataclass(frozen=True, slots=True)
class Slowness:
    """Warnings, and how many expressions there was no time for."""

    problems: tuple[Problem, ...]
    untimed: int


class _Attempt(NamedTuple):
    """One suspect of one expression; the first of each are tried before the second of any."""

    round: int
    tameness: float
    expression: Expression
    suspect: Suspect


def slowness(read: Iterable[Expression], budget_seconds: float) -> Slowness:
    """Time all suspects, the most dangerous first, for `budget_seconds` altogether."""
    attempts = _attempts(read)
    numbers = {id(expression): number for number, (_, _, expression, _) in enumerate(attempts)}
    timed = measure(
        [_trial(attempt, numbers[id(attempt.expression)]) for attempt in attempts], budget_seconds
    )
    problems: dict[int, Problem] = {}
    untimed: set[int] = set()
    for attempt, answer in zip(attempts, timed, strict=True):
        number = numbers[id(attempt.expression)]
        if answer is None:
            untimed.add(number)
        elif text := verdict(attempt.suspect, answer.seconds, is_cut=answer.is_cut):
            problems.setdefault(number, attempt.expression.warning(text))
    return Slowness(tuple(problems.values()), len(untimed - problems.keys()))


def _attempts(read: Iterable[Expression]) -> list[_Attempt]:
    different = {(each.pattern.pattern, each.pattern.flags): each for each in read}
    attempts = [
        _Attempt(number, -suspect.degree, expression, suspect)
        for expression in different.values()
        for number, suspect in enumerate(expression.suspects)
    ]
    return sorted(attempts, key=lambda attempt: attempt[:2])


def _trial(attempt: _Attempt, number: int) -> Trial:
    pattern = attempt.expression.pattern
    lines = tuple(attempt.suspect.line(length) + "\n" for length in LENGTHS)
    return Trial(number, pattern.pattern, pattern.flags, lines)
