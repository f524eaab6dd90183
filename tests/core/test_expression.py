from __future__ import annotations

from banish.core.expression import KEYS, Expression
from banish.core.settings import JAIL


def test_expressions_come_from_settings_of_a_jail() -> None:
    assert set(KEYS) <= JAIL.keys()


def test_an_expression_is_known_by_all_its_parts() -> None:
    same = {Expression("sshd", "failregex", 0), Expression("sshd", "failregex", 0)}
    assert 1 == len(same)
    assert Expression("sshd", "failregex", 1) not in same
