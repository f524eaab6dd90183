"""Cases that need no other program run as they stand, alone or several over one log."""

from __future__ import annotations

import pytest
from compat.case import Case
from compat.cases import NOW, block, cases, names, program

from banish.core.match import Mode, Scanner


def found(*some: Case) -> set[tuple[str, str]]:
    made = program(*some)
    hits = Scanner(made, Mode.TRIAL).scan(block(*some), names(made), NOW).hits
    return {(hit.jail, hit.subject) for hit in hits}


def test_a_number_is_a_case() -> None:
    assert list(cases(3, 4)) == [*cases(3, 1), *cases(4, 3)]


@pytest.mark.slow
def test_most_are_good_and_find_something() -> None:
    made = list(cases(0, 60))
    assert 50 < sum(len(program(case).jails) for case in made)
    assert 20 < sum(bool(found(case)) for case in made)


@pytest.mark.slow
def test_several_filters_read_one_log() -> None:
    many = [found(*cases(number, 3)) for number in range(0, 60, 3)]
    assert {"0", "1", "2"} == {jail for some in many for jail, _ in some}


def test_logs_take_turns() -> None:
    assert b"a\nc\nb\n" == block(Case("x", b"a\nb\n"), Case("y", b"c\n")).block


def test_a_bad_filter_is_left_out() -> None:
    bad = Case("x", b"", definition="[Definition]\nfailregex = (\n")
    good = Case("x", b"", definition="[Definition]\nfailregex = <HOST>\n", datepattern="{NONE}")
    made = program(bad, good)
    assert ["1"] == names(made)
    assert [("{NONE}",)] == [rules.jail.datepatterns for rules in made]
