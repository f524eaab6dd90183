"""Generated filters are filters, and their logs are logs."""

from __future__ import annotations

from pathlib import Path

import pytest
from compat.ours import Ours

from compat import grammar


@pytest.mark.slow
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


@pytest.mark.slow
def test_all_that_a_filter_can_say_is_said() -> None:
    cases = [grammar.case(seed) for seed in range(600)]
    said = "".join(case.definition for case in cases)
    wanted = "prefregex ignoreregex maxlines datepattern [Init] [DEFAULT] %(opt)s <opt> <SKIPLINES> <F-MLFID>"
    wanted += " <F-MLFFORGET> <F-MLFGAINED> <F-NOFAIL> <F-CONTENT> <HOST> <ADDR> <IP4> <IP6> <DNS> <SUBNET>"
    wanted += (
        " <CIDR> <F-CIDR/> <F-ID> <F-ID/> <F-TUPLE_ID> <F-ALT_ID> <F-USER> <F-ALT_USER> <F-PORT/> <F-RHOST>"
    )
    assert [] == [word for word in wanted.split() if word not in said]
    assert {"raw", "warn", "no", "yes"} == {case.usedns for case in cases}
    assert {"utf-8", "latin-1", "ascii", "cp1252", "koi8-r", "shift_jis"} == {case.encoding for case in cases}
    assert any("[opt=" in case.call for case in cases)
    assert any(case.timezone for case in cases)
    assert any(case.datepattern for case in cases)
