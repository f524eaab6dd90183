from __future__ import annotations

import io
import sys
from datetime import UTC

import pytest

from banish.core.config import Config, JailConfig, Rule
from banish.core.model import Hit, Instant, Subject
from banish.core.rules import Calendar, compile_config
from banish.core.trial import Fate
from banish.faces.cli.page import Page
from banish.faces.cli.tally import Matches, Misses
from banish.faces.cli.tryout import Row


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    return Page()


def misses(*found: tuple[Fate, str]) -> Misses:
    counted = Misses()
    for number, (fate, text) in enumerate(found, 1):
        counted.add(Row(number, text, (), fate, (text,)))
    return counted


def test_expressions_are_told_the_most_useful_first(page: Page) -> None:
    jail = JailConfig("0", failregex=tuple(Rule(f"(?P<fid>{name})", f"(?P<fid>{name})") for name in "abc"))
    (rules,) = compile_config(Config((jail,)), Calendar(UTC, 2026))[0]
    matches = Matches({"0": "web"})
    assert not matches
    counts = [
        matches.add(number, Hit("0", Subject("x"), Instant(0), rule))
        for number, rule in enumerate((0, 2, 2), 1)
    ]
    assert matches
    assert [1, 1, 2] == counts
    assert [
        "web: 3 of 9 lines match",
        "   lines  first at  regex",
        "       2         2  #3   (?P<fid>c)",
        "       1         1  #1   (?P<fid>a)",
    ] == list(matches.lines(rules, 9, page))


def test_lines_are_told_apart_by_what_became_of_them(page: Page) -> None:
    found = misses(
        (Fate.IGNORED, "a"), (Fate.UNMATCHED, ""), (Fate.UNPREFIXED, "c 1"), (Fate.UNPREFIXED, "c 2")
    )
    assert [
        "",
        "1 line that no failregex matches",
        "   lines  first at  shape",
        "       1         2  (nothing)",
        "",
        "2 lines that prefregex does not match: of another program, or in another format",
        "   lines  first at  shape",
        "       2         3  c #",
        "",
        "1 line that an ignoreregex forgives",
        "   lines  first at  shape",
        "       1         1  a",
    ] == list(found.lines(None, page))
    assert 2 == found.first()
    assert misses().first() is None


def test_what_is_not_shown_is_counted(page: Page) -> None:
    found = misses(*((Fate.UNMATCHED, text) for text in ("a", "a", "b", "c")))
    *_, shape, rest = found.lines(1, page)
    assert ("       2         1  a", "       2            in 2 more shapes; --misses all shows them") == (
        shape,
        rest,
    )


def test_attackers_cannot_fill_the_memory(page: Page) -> None:
    lines = (" ".join("x" * (1 + (n >> bit & 1)) for bit in range(12)) for n in range(1100))
    *_, shape, rest = misses(*((Fate.UNMATCHED, line) for line in lines)).lines(None, page)
    assert "x" in shape
    assert rest.endswith("in shapes beyond the 1000 that there is room for")
