from __future__ import annotations

import pytest

from banish.core.config import Problem, Severity
from banish.faces.fail2ban.trouble import CollapseError, trouble


def problem(key: str, section: str = "j", value: str = "x", severity: Severity = Severity.ERROR) -> Problem:
    return Problem(severity, f"{key} is wrong", section=section, key=key, value=value, jail="j")


@pytest.mark.parametrize(
    ("dies", "one"),
    [
        (False, problem("failregex")),
        (False, problem("filter")),
        (True, problem("filter", value="")),
        (True, problem("failregex", section="Definition")),
        (True, problem("datepattern")),
    ],
)
def test_the_original_dies_of_what_it_cannot_work_out(one: Problem, *, dies: bool) -> None:
    assert dies == isinstance(trouble([one]), CollapseError)


def test_all_errors_are_told_and_no_warnings() -> None:
    warning = problem("maxretry", severity=Severity.WARNING)
    error = trouble([problem("failregex"), warning, problem("datepattern")])
    assert ["failregex", "datepattern"] == [line.split()[1] for line in str(error).splitlines()]
