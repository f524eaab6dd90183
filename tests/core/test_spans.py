from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.model import FOREVER, Seconds
from banish.core.spans import spell


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("0s", 0),
        ("59s", 59),
        ("10m", 600),
        ("59m 50s", 3590),
        ("1h", 3599),  # from 3595 s on rounded to 10 s
        ("1h 4m", 3840),
        ("23h 59m 50s", 86_390),
        ("1d 1m", 86_400 + 61),
        ("1w 2d 3h", 604_800 + 2 * 86_400 + 3 * 3_600),
        ("1y 5w 1d", 31_536_000 + 5 * 604_800 + 86_400 + 3_599),
        ("-10m", -600),
        ("forever", FOREVER),
    ],
)
def test_a_span_is_told_in_at_most_three_groups(words: str, seconds: float) -> None:
    assert words == spell(Seconds(seconds))


@given(st.floats(0, 1e10))
def test_any_span_has_words(seconds: float) -> None:
    assert 1 <= len(spell(Seconds(seconds)).split()) <= 3
