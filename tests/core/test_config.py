"""A problem names its place, the value and the cure, on one line."""

from __future__ import annotations

import pytest

from banish.core.config import Problem, Severity


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem(Severity.ERROR, "nothing to read"), "nothing to read"),
        (Problem(Severity.ERROR, "not read", "jail.local"), "jail.local: not read"),
        (
            Problem(Severity.ERROR, "write 600", "jail.local", 14, "sshd", "bantime", "10 mins"),
            'jail.local:14 [sshd] bantime = "10 mins": write 600',
        ),
        (
            Problem(Severity.WARNING, "too long", section="sshd", key="failregex", value="a\nb" * 40),
            '[sshd] failregex = "' + (r"a\nb" * 40)[:77] + '...": too long',
        ),
    ],
)
def test_a_problem_reads_as_one_line(problem: Problem, line: str) -> None:
    assert line == str(problem)
