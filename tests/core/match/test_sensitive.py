"""Which expressions tell one digit from another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.match.logs import rules

from banish.core.match.sensitive import Sensitivity, temper_of


@pytest.mark.parametrize(
    ("regex", "particular"),
    [
        (r"status 404", True),
        (r"[0-5]\d", True),
        (r"(?P<a>\d)(?P=a)", True),
        (r"\d+\.\d{1,3}", False),
        (r"[0-9a-f]+", False),
        (r"[^\s]+ \S+ .*", False),
        (r"no digits", False),
    ],
)
def test_sets_with_some_digits_and_not_all_are_particular(regex: str, *, particular: bool) -> None:
    assert particular == temper_of(regex, 0).particular


def test_what_it_matches_at_most_is_known() -> None:
    temper = temper_of(r"status 404$", 0)
    assert temper.may_match("status 999")
    assert not temper.may_match("status 99")
    assert not temper.may_match("state 404")


@pytest.mark.parametrize("regex", [r"(?P<a>\d)(?P=a)", r"(?>4|5)x", r"(?!4)\d", r"\d++4"])
def test_what_cannot_be_told_may_match_anything(regex: str) -> None:
    assert temper_of(regex, 0).may_match("anything")


def test_a_jail_is_usable_if_all_its_lines_can_be_told_apart_by_more_than_digits() -> None:
    assert Sensitivity(rules(r"(?P<ip4>\d+) 404", prefix="(?P<content>.*)")).is_usable
    assert not Sensitivity(rules(r"(?P<ip4>\d+)", ignores=("1",))).is_usable
    assert not Sensitivity(rules(r"(?P<fid>)(?P<tuple_id>\d+)")).is_usable
    assert not Sensitivity(rules(r"(?P<fid>)x", prefix="(?P<tuple_id>.)(?P<content>.*)")).is_usable
    assert not Sensitivity(replace(rules(r"(?P<ip4>\d+)"), encoding="utf-7")).is_usable


def test_expressions_are_judged_one_by_one() -> None:
    sensitivity = Sensitivity(rules(r"(?P<ip4>\d+)", r"(?P<ip4>\d+) 404"))
    assert [False, True] == [temper.particular for temper in sensitivity.failures]
    assert not sensitivity.prefix.particular
