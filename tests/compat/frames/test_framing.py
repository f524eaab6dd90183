"""Payloads out of pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from banish.compat.frames import TERMINATOR, Framing
from banish.core.errors import PeerError


@given(some.lists(some.binary(max_size=40)), some.lists(some.integers(1, 20)))
def test_payloads_come_out_however_they_are_cut(payloads: list[bytes], cuts: list[int]) -> None:
    payloads = [each.replace(b"<", b"") for each in payloads]
    stream = b"".join(each + TERMINATOR for each in payloads)
    framing = Framing()
    found: list[bytes] = []
    for cut in [*cuts, len(stream)]:
        found += framing.feed(stream[:cut])
        stream = stream[cut:]
    assert found == payloads


def test_a_message_without_end_is_refused() -> None:
    framing = Framing(longest=100)
    assert [b"x" * 150] == list(framing.feed(b"x" * 150 + TERMINATOR))
    with pytest.raises(PeerError, match="more than 100 bytes"):
        list(framing.feed(b"x" * 101))
