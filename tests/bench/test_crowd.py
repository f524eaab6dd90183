from __future__ import annotations

import random
from collections import Counter

from bench.crowd import Crowd, chooser


def test_a_few_knock_at_a_time_some_of_them_for_long() -> None:
    crowd = Crowd(random.Random(1))
    knocks = Counter(crowd.draw() for _ in range(5_000))
    assert len(knocks) <= crowd.fresh
    assert 100 < len(knocks) < 1_000
    assert max(knocks.values()) > 50


def test_nobody_is_in_two_crowds() -> None:
    one, other = Crowd(random.Random(1)), Crowd(random.Random(1), fresh=1_000_000)
    assert not {one.draw() for _ in range(1_000)} & {other.draw() for _ in range(1_000)}


def test_each_key_is_drawn_as_often_as_its_share_says() -> None:
    draw = chooser(random.Random(1), {"often": 3, "seldom": 1})
    drawn = Counter(draw() for _ in range(4_000))
    assert 0.7 < drawn["often"] / 4_000 < 0.8
