"""Generated filters are filters, and their logs are logs."""

from __future__ import annotations

from pathlib import Path

from compat.ours import Ours

from compat import grammar


def test_most_filters_are_good_and_find_something(tmp_path: Path) -> None:
    ours = Ours(tmp_path)
    outcomes = [ours.judge(grammar.case(seed)) for seed in range(30)]
    assert 24 < sum(not outcome.refused for outcome in outcomes)
    assert 10 < sum(bool(outcome.rows) for outcome in outcomes)


def test_every_line_ends_in_a_line_feed_and_nowhere_else() -> None:
    for seed in range(30):
        case = grammar.case(seed)
        assert case.log.endswith(b"\n")
        assert case == case.with_lines(case.lines)
