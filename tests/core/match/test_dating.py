"""Lines that expressions for dates match, told by heads or searched for."""

from __future__ import annotations

import random
import re

import pytest

from banish.core.dates.pattern import templates
from banish.core.match.dating import Dating
from banish.core.match.page import Page

BOUND = [each.regex for each in templates("{^LN-BEG}", 2026)]
FREE = [each.regex for each in templates("{DEFAULT}", 2026)]
BEGINNINGS = ["192.0.2.7 - - [", "2001:db8::1 x ", "", "Jan 11 11:00:05 ", "2026-01-01 11:00:05 ", "caf\xe9 "]
ENDS = ["", "x", "2026-01-01 11:00:05 x", " at Jan 1 11:00:05", "audit(1767268830)", "\xe9"]


def matched(lines: list[str], known: Dating, most: int) -> list[str] | None:
    page = Page(b"".join(line.encode() + b"\n" for line in lines))
    starts = known.lines(page, most)
    return None if starts is None else [page.line_at(start).decode() for start in sorted(starts)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("regexes", "others"), [(BOUND, []), (FREE, []), (BOUND[:3], [re.compile("x$")])])
def test_all_lines_of_ascii_that_one_matches_are_found(
    seed: int, regexes: list[re.Pattern[str]], others: list[re.Pattern[str]]
) -> None:
    draw, known = random.Random(seed), Dating(regexes, others)
    assert known.is_usable
    for share in (0, 0.01, 0.5):
        lines = [
            draw.choice(BEGINNINGS) + draw.choice(ENDS) if draw.random() < share else "192.0.2.8 x-"
            for _ in range(300)
        ]
        all_of_them = [line for line in lines if any(each.search(line) for each in (*regexes, *others))]
        found = matched(lines, known, 300)
        assert found is not None
        assert [line for line in all_of_them if line.isascii()] == [line for line in found if line.isascii()]


def test_false_alarms_are_none() -> None:
    known = Dating([re.compile(r"([ab])\1x")])  # what refers back is searched for as if it were anything
    assert [] == matched(["abx"] * 30, known, 10)
    assert ["aax"] == matched([*["abx"] * 300, "aax"], known, 10)
    assert matched(["aax"] * 30, known, 10) is None


def test_what_alarms_again_and_again_tells_nothing() -> None:
    regexes = [re.compile(rf"([ab])\1x{end}") for end in ("", "?", "+", "*", "{1}")]
    assert matched(["abx"] * 30, Dating(regexes), 10) is None


def test_what_cannot_be_searched_for_is_of_no_use() -> None:
    known = Dating([re.compile("x{40000}y")])
    assert not known.is_usable
    assert known.lines(Page(b"x\n"), 1) is None


def test_the_same_expressions_have_the_same_key() -> None:
    assert Dating(BOUND).key == Dating(list(BOUND)).key
    assert Dating(BOUND).key != Dating(FREE).key
    assert Dating(BOUND).key != Dating(BOUND, [re.compile("x")]).key
