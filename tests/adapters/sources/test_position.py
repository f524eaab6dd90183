from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from banish.adapters.sources.position import MOST, Position, decode, encode

numbers = st.integers(0, 2**63 - 1)
sums = st.text("0123456789abcdef", min_size=40, max_size=40)
positions = st.builds(
    Position,
    numbers,
    numbers,
    st.integers(0, 10**18 - 1),
    sums | st.just(""),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)


@settings(max_examples=25)
@given(st.lists(positions, min_size=1, max_size=MOST))
def test_what_is_written_is_read_again(several: list[Position]) -> None:
    assert tuple(several) == decode(encode(several))


@given(st.text())
def test_other_text_is_no_position(text: str) -> None:
    assert () == decode(text) or encode(decode(text)) == text


def test_what_is_too_much_or_half_wrong_is_no_position() -> None:
    good = encode([Position(1, 2, 3)])
    assert () == decode(" ".join([good] * (MOST + 1)))
    assert () == decode(good + " x")
    assert () == decode(good * 1000)
    assert () == decode("")


def test_a_position_knows_its_file() -> None:
    assert (1, 2) == Position(1, 2, 3).key
