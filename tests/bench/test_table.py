from __future__ import annotations

import math

import pytest
from bench.figures import Figures, Program, Trial
from bench.rows import MB, MS, Row, S, Target
from bench.samples import almost_all
from bench.sizes import FULL, QUICK
from bench.table import cells, layout, lines, markdown, short, table

SINGLES = Row("line", Trial.SINGLE, MS, almost_all, (Target(0.010),))
BOTH = Figures({Program.BANISH: {Trial.SINGLE: [0.002, 0.004]}, Program.FAIL2BAN: {Trial.SINGLE: [0.2, 0.4]}})


def test_a_row_compares_all_programs_and_the_target() -> None:
    assert ("line", "≤ 10 ms", "4.00 ms", "met", "400 ms (100 x)", "-", "-", "-") == cells(SINGLES, BOTH)


def test_a_target_that_was_missed_cannot_be_overlooked() -> None:
    assert "MISSED" in cells(SINGLES, Figures({Program.BANISH: {Trial.SINGLE: [0.011]}}))


def test_what_never_came_is_said_so_and_compared_with_nothing() -> None:
    never = Figures({Program.BANISH: {Trial.SINGLE: [0.001]}, Program.GREP: {Trial.SINGLE: [math.inf]}})
    assert ("1.00 ms", "met", "-", "-", "-", "never") == cells(SINGLES, never)[2:]


def test_what_was_not_measured_is_left_open() -> None:
    assert ("line", "≤ 10 ms", "-", "", "-", "-", "-", "-") == cells(SINGLES, Figures())


def test_a_target_names_what_it_compares_with() -> None:
    targets = (Target(1, Program.SSHGUARD), Target(1.7, trial=Trial.ONE_LOG))
    row = Row("", Trial.FLOOD, S, targets=targets)
    assert "≤ 1 x sshguard, ≤ 1.7 x backlog of one log" == cells(row, Figures())[1]


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("0.0012", 0.00123),
        ("0.123", 0.1234),
        ("1.23", 1.234),
        ("12.3", 12.34),
        ("1,235", 1234.6),
        ("5.00", 5.0),
    ],
)
def test_figures_have_three_digits_that_count(expected: str, value: float) -> None:
    assert expected == short(value)


def test_memory_is_written_in_megabytes() -> None:
    used = Figures({Program.BANISH: {Trial.IDLE: [31_703_040.0]}})
    assert "31.7 MB" in cells(Row("", Trial.IDLE, MB), used)


def test_columns_are_aligned() -> None:
    assert ["a    bcd", "efg    h"] == list(layout([("a", "bcd"), ("efg", "h")]))


def test_the_table_has_the_rows_that_were_measured_under_one_head() -> None:
    head, rule, *body = table(QUICK, BOTH).splitlines()
    assert ["target", "Banish", "fail2ban", "sshguard", "CrowdSec", "grep", "-c"] == head.split()
    assert {"─"} == set(rule)
    assert [line[0] for line in lines(QUICK, BOTH)] == [line.split("  ")[0] for line in body]
    assert 2 == len(body)


def test_the_page_has_the_same_rows() -> None:
    head, rule, *body = markdown(FULL, BOTH).splitlines()
    assert "|  | target | Banish |  | fail2ban | sshguard | CrowdSec | grep -c |" == head
    assert 8 == rule.count("--")
    assert 2 == len(body)
