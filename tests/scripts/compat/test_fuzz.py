"""Generated filters, date patterns and logs: both say the same, or a decision says why not."""

from __future__ import annotations

import pytest
from compat.oracle import Oracle
from compat.verdict import Verdict

from compat import fuzz

CASES = 500


@pytest.mark.slow
def test_five_hundred_cases_have_one_verdict(oracle: Oracle) -> None:
    tally = fuzz.run(0, CASES, oracle)
    assert [] == [str(finding) for finding in tally.findings]
    assert CASES == tally.cases
    assert CASES * 0.85 < tally.verdicts[Verdict.SAME], str(tally)  # the others are explained, or no filters
    assert CASES < tally.rows


def test_a_case_is_made_of_its_number_alone(oracle: Oracle) -> None:
    for number in (6, 7):
        assert fuzz.make(number, oracle) == fuzz.make(number, oracle)
        assert fuzz.make(number, oracle) != fuzz.make(number + 2, oracle)
