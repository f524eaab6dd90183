from __future__ import annotations

from bench.figures import FLOOD, IDLE, SINGLE, Figures
from bench.sizes import FULL, QUICK
from bench.table import Row, cells, layout, rows, table

SINGLES = Row("line", SINGLE, 99, "ms", 0.010)


def test_a_row_compares_the_two_and_the_target() -> None:
    figures = Figures({SINGLE: [0.002, 0.004]}, {SINGLE: [0.2, 0.4]})
    assert ("line", "≤ 10 ms", "4.00 ms", "met", "400 ms", "100 x") == cells(SINGLES, figures)


def test_a_target_that_was_missed_cannot_be_overlooked() -> None:
    assert "MISSED" in cells(SINGLES, Figures({SINGLE: [0.011]}))


def test_a_target_that_was_just_kept_is_met() -> None:
    assert "met" in cells(SINGLES, Figures({SINGLE: [0.010]}))


def test_what_was_not_measured_is_left_open() -> None:
    assert ("line", "≤ 10 ms", "-", "", "400 ms", "-") == cells(SINGLES, Figures({}, {SINGLE: [0.4]}))
    assert ("line", "≤ 10 ms", "4.00 ms", "met", "-", "-") == cells(SINGLES, Figures({SINGLE: [0.004]}))


def test_figures_have_three_digits_that_count() -> None:
    written = [cells(Row("", FLOOD), Figures({FLOOD: [each]}))[2] for each in (0.1234, 1.234, 12.34, 1234.5)]
    assert ["0.123 s", "1.23 s", "12.3 s", "1,234 s"] == written


def test_memory_is_written_in_megabytes() -> None:
    assert "31.7 MB" in cells(Row("", IDLE, unit="MB"), Figures({IDLE: [31_703_040.0]}))


def test_columns_are_aligned() -> None:
    assert ["a    bcd", "efg    h"] == list(layout([("a", "bcd"), ("efg", "h")]))


def test_the_table_has_all_rows_for_its_sizes_under_one_head() -> None:
    head, rule, *body = table(QUICK, Figures()).splitlines()
    assert ["target", "Banish", "fail2ban", "ratio"] == head.split()
    assert {"─"} == set(rule)
    assert [row.text for row in rows(QUICK)] == [line.split("  ")[0] for line in body]
    assert "1,000,000" in table(FULL, Figures())
