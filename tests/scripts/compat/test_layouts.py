"""Date patterns are good, nearly all, and dates are such as they find."""

from __future__ import annotations

from datetime import UTC
from random import Random

import pytest
from compat.case import NOW, YEAR
from compat.layouts import layout

from banish.core.dates import DateReader
from banish.core.errors import RuleError
from banish.core.model import Instant


@pytest.mark.slow
def test_most_dates_are_found_and_are_of_the_last_hours() -> None:
    good = found = near = 0
    for seed in range(300):
        rng = Random(seed)
        made = layout(rng)
        try:
            reader = DateReader(made.pattern.split("\n"), UTC, YEAR, "")
        except RuleError:
            continue
        good += 1
        for _ in range(5):
            dated = reader.read(f"{made.write(rng, 100)} a line", Instant(NOW))
            found += dated is not None and dated.at is not None
            near += dated is not None and dated.at is not None and abs(dated.at - NOW) < 50_000
    assert 285 < good
    assert 3 * good < found
    assert 1.5 * good < near


def test_every_token_is_used() -> None:
    patterns = "".join(layout(Random(seed)).pattern for seed in range(2000))
    words = [
        "%",
        "A",
        "B",
        "G",
        "H",
        "I",
        "M",
        "S",
        "U",
        "V",
        "W",
        "X",
        "Y",
        "Z",
        "a",
        "b",
        "d",
        "f",
        "j",
        "k",
        "l",
        "m",
        "p",
        "u",
        "w",
        "x",
        "y",
        "z",
    ]
    words += ["ExH", "ExM", "ExS", "ExY", "ExZ", "Exd", "Exk", "Exl", "Exm", "Exy", "Exz"]
    assert [] == [word for word in words if f"%{word}" not in patterns]
    names = ("{^LN-BEG}", "{UNB}", "{DATE}", "{NONE}", "{EPOCH}", "LEPOCH", "**")
    assert [] == [name for name in names if name not in patterns]
