"""Every sixteenth line end of a block."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from banish.core.match.milestones import APART, milestones


@given(st.lists(st.binary(max_size=5), max_size=100).map(b"\n".join))
def test_every_sixteenth_line_end_is_found(block: bytes) -> None:
    ends = [place + 1 for place, byte in enumerate(block) if byte == ord("\n")]
    assert ends[APART - 1 :: APART] == milestones(block)
