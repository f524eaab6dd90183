"""What takes long on a crafted line is told, with its time."""

from __future__ import annotations

from datetime import UTC

import pytest

from banish.core.config import Config, JailConfig, Rule
from banish.core.lint.inspection import Expression, expressions
from banish.core.rules import Calendar, compile_config
from banish.faces.cli.slowness import slowness


def read(*regexes: str) -> tuple[Expression, ...]:
    rules = tuple(Rule(regex, regex, "f.conf", line) for line, regex in enumerate(regexes, 1))
    jails = (JailConfig("j", failregex=rules), JailConfig("k", failregex=rules))
    program, problems = compile_config(Config(jails), Calendar(UTC, 2023))
    assert () == problems
    return expressions(program)


@pytest.mark.slow
def test_an_expression_that_explodes_is_told_once() -> None:
    slow = slowness(read("^ok (?P<fid>\\S+)$", "^(?:(?P<fid>a)+|b+)+c", "^x+x+ (?P<fid>a)"), 30)
    [problem] = slow.problems
    assert ("f.conf", 2, "failregex") == (problem.file, problem.line, problem.key)
    assert problem.text.startswith("takes more than 0.2")
    assert 0 == slow.untimed


def test_what_there_was_no_time_for_is_counted() -> None:
    slow = slowness(read("^ok (?P<fid>\\S+)$", "^(?:a+)+(?P<fid>c)", "^a*a*(?P<fid>c)"), 0)
    assert ((), 2) == (slow.problems, slow.untimed)
