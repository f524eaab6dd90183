"""The order of the experiments: each program in fresh homes, one after the other, never two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from bench import guarding, reading, straining
from bench.course import Course

EXPERIMENTS: Final[dict[str, Callable[[Course], None]]] = {
    "sshd": reading.sshd,
    "access": reading.access,
    "mail": reading.mail,
    "backlog": straining.backlog,
    "single": guarding.single,
    "busy": straining.busy,
    "trapped": straining.trapped,
    "flood": guarding.flood,
    "restart": guarding.restart,
    "start": guarding.start,
    "failing": straining.failing,
    "hour": straining.hour,
}
"""What `--only` knows, by name."""


def run(course: Course, names: Iterable[str]) -> None:
    """Run these experiments, or all of them if none is named, in the order of the table."""
    wanted = set(names) or set(EXPERIMENTS)
    for name, experiment in EXPERIMENTS.items():
        if name in wanted:
            experiment(course)
