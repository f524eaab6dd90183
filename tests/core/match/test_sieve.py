"""A search for words finds the lines that have one; a search for expressions misses no line."""

from __future__ import annotations

import random
import re

import pytest

from banish.core.errors import RuleError
from banish.core.match.sieve import LineSearch, Sieve

WORDS = ("bad", "evil one", "wor[se", "b a", '" 404 ')


def log(seed: int) -> list[str]:
    draw = random.Random(seed)
    pieces = (*WORDS, "BAD", "Evil One", "good", " ", "x", "")
    return ["".join(draw.choices(pieces, k=draw.choice((0, 1, 1, 2)))) for _ in range(60)]


def starts(lines: list[str], wanted: list[bool]) -> list[int]:
    places, place = [], 0
    for line, is_wanted in zip(lines, wanted, strict=True):
        if is_wanted:
            places.append(place)
        place += len(line) + 1
    return places


@pytest.mark.parametrize("seed", range(20))
def test_lines_with_a_word_are_found(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.core.match.sieve._ENOUGH", 1)
    lines = log(seed)
    words = {"a": frozenset(WORDS[:2]), "b": frozenset(WORDS[1:])}
    block = "".join(line + "\n" for line in lines).encode()
    expected = {
        jail: starts(lines, [any(word in line.lower() for word in some) for line in lines])
        for jail, some in words.items()
    }
    assert expected == Sieve(words).lines(block, 4 * len(lines))


def test_a_jail_with_too_many_lines_has_no_list() -> None:
    sieve = Sieve({"a": frozenset({"bad"}), "b": frozenset({"good"})})
    assert {"a": None, "b": [4]} == sieve.lines(b"bad\ngood\n" + b"bad\n" * 6, 8)
    assert {"a"} == sieve.crowded
    assert {"a": [], "b": []} == sieve.lines(b"\n" * 8, 8)
    assert set() == sieve.crowded


def test_far_too_many_words_end_the_search() -> None:
    sieve = Sieve({"a": frozenset({"bad"}), "b": frozenset({"good"})})
    assert {"a": None, "b": None} == sieve.lines(b"good bad bad bad\n" * 8, 8)
    assert 1 == len(sieve.crowded)


@pytest.mark.parametrize("seed", range(20))
def test_no_line_that_matches_is_missed(seed: int) -> None:
    lines = log(seed)
    expressions = [(r"(?i)^bad", re.IGNORECASE), (r"^(?P<a>b|w)o", 0), (r"e.*x$", 0)]
    block = "".join(line + "\n" for line in lines).encode()
    found = LineSearch(expressions).lines(block, len(lines))
    matching = [any(re.search(regex, line, flags) for regex, flags in expressions) for line in lines]
    assert set(starts(lines, matching)) <= found


def test_a_search_is_given_up_when_it_finds_too_much() -> None:
    assert 3 == len(LineSearch([("^a", 0)], is_exact=True).lines(b"a\n" * 9, 2))


def test_what_cannot_be_searched_for_is_an_error() -> None:
    with pytest.raises(RuleError, match="cannot be searched for"):
        LineSearch([("(", 0)])
