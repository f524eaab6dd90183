from __future__ import annotations

from dataclasses import replace

import pytest

from banish.adapters.scanners.quarantine import Quarantine
from banish.core.config import JailConfig, Rule
from banish.core.expression import Expression

RULE = Rule("x", "x", "/etc/filter.d/sshd.conf", 12)
SSHD = JailConfig("sshd", prefregex=RULE, failregex=(RULE,), ignoreregex=(replace(RULE, file=""),))


def test_nothing_is_left_out_at_first() -> None:
    quarantine = Quarantine([SSHD])
    assert (frozenset(), ()) == (quarantine.expressions, quarantine.reports())


@pytest.mark.parametrize(
    ("key", "index", "report"),
    [
        ("failregex", 0, "/etc/filter.d/sshd.conf:12 [sshd] failregex 1: slow, and it is left out"),
        ("failregex", 9, "[sshd] failregex 10: slow, and it is left out"),
        ("ignoreregex", 0, "[sshd] ignoreregex 1: slow, and it is left out"),
        (
            "prefregex",
            0,
            "/etc/filter.d/sshd.conf:12 [sshd] prefregex 1: slow, and lines of this jail are passed over",
        ),
        ("datepattern", 0, "[sshd] datepattern 1: slow, and lines of this jail are passed over"),
    ],
)
def test_what_is_left_out_is_told_with_its_place_and_the_line(key: str, index: int, report: str) -> None:
    quarantine = Quarantine([SSHD])
    expression = Expression("sshd", key, index)
    expected = f"{report} until the next start; the line began with 'a\\n\ufffd'"
    assert expected == quarantine.add(expression, b"a\n\xff", "slow")
    assert (expected,) == quarantine.reports()
    assert {expression} == quarantine.expressions


def test_of_a_long_line_the_beginning_is_told() -> None:
    assert len(Quarantine([SSHD]).add(Expression("sshd", "failregex", 0), b"x" * 9999, "slow")) < 400
