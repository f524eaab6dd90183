"""Generated filters, date patterns and logs: both say the same, or a decision says why not."""

from __future__ import annotations

import pytest
from bench.peer import Peer
from compat.verdict import Verdict

from compat import fuzz

CASES = 500


@pytest.mark.slow
def test_five_hundred_cases_have_one_verdict(peer: Peer) -> None:
    tally = fuzz.run(0, CASES, peer)
    assert [] == [str(finding) for finding in tally.findings]
    assert CASES == tally.cases
    assert CASES * 0.85 < tally.verdicts[Verdict.SAME], str(tally)  # the others are explained, or no filters
    assert CASES < tally.rows


def test_a_case_is_made_of_its_number_alone(peer: Peer) -> None:
    for number in (6, 7):
        assert fuzz.make(number, peer) == fuzz.make(number, peer)
        assert fuzz.make(number, peer) != fuzz.make(number + 2, peer)
