"""Expressions that may explode are suspected, with a line to try; the clock has the last word."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest

from banish.core.lint import explosion
from banish.core.lint.explosion import DOUBLING, LENGTHS, MOST, Suspect, suspects, verdict
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Run


def of(regex: str) -> tuple[Suspect, ...]:
    return suspects(tree_of(regex) or Run())


EXPONENTIAL = [
    r"^(a+)+b",
    r"^(a*)*b",
    r"^(\w+\s?)*$",
    r"^(?:[^ ]+ ?)*x",
    r'^"(?:[^"]|\\.)*"$',
    r"^(?:ab|a|b)*c",
    r"^(?:a?b?)*c",
    r"^(?:(?:a|b)+,?)+;",
]

POLYNOMIAL = [
    r"^\d+\d+x",
    r"^.*a.*b",
    r"^\s*\s*x",
    r"\d+x",
    r"\S+@\S+ x",
    r"^(?:ab)*(?:ba)*(?:ab)*c",
    r"^a{0,500}a{0,500}b",
]

TAME = [
    r"^a+b",
    r"^(?:ab)+c",
    r"^\d+\s+\d+ x",
    r'^"(?:[^"\\]|\\.)*"$',
    r"^(?:[^ ]+ )*x$",
    r"^\w+: \d{1,3}\.\d{1,3}$",
    r"^(?:a|b|c)*d",
    r"^[^\s\S]*x",
    "",
]


@pytest.mark.parametrize("regex", EXPONENTIAL)
def test_a_loop_with_two_ways_is_suspected_to_double(regex: str) -> None:
    assert DOUBLING == of(regex)[0].degree


@pytest.mark.parametrize("regex", POLYNOMIAL)
def test_loops_that_share_a_word_are_suspected_to_multiply(regex: str) -> None:
    assert 2 <= of(regex)[0].degree < DOUBLING


@pytest.mark.parametrize("regex", TAME)
def test_what_has_one_way_to_match_is_not_suspected(regex: str) -> None:
    assert () == of(regex)


def test_more_loops_in_a_row_are_more_dangerous() -> None:
    assert [2, 3, 5] == [of(regex)[0].degree for regex in ("^a*a*b", "^a*a*a*b", "^a*a*a*a*a*b")]


@pytest.mark.slow
@pytest.mark.parametrize("regex", [r"^(a+)+b", r"^(?:ab|a|b)*c", r'^"(?:[^"]|\\.)*"$', r"^(\w+\s?)*$"])
def test_the_line_really_doubles_the_time(regex: str) -> None:
    def seconds(times: int) -> float:
        lines = [f"{each.start}{each.pump * times}{each.end}\n" for each in of(regex)]
        return max(_seconds(regex, line) for line in lines)

    times = next(times for times in range(1, 60) if seconds(times) > 0.001)
    assert seconds(times + 2) > 1.5 * seconds(times)  # at least four times as many ways


def _seconds(regex: str, line: str) -> float:
    """Return the processor time of a search, the least of three."""
    spent: list[float] = []
    for _ in range(3):
        begun = time.process_time()
        re.search(regex, line)
        spent.append(time.process_time() - begun)
    return min(spent)


def test_only_a_few_lines_are_proposed() -> None:
    assert MOST == len(of(r"^.*.*.*.*.*.*.*x"))


def test_a_loop_behind_what_never_matches_has_no_line() -> None:
    assert all(each.pump for each in of(r"^[^\s\S](a+)+b"))


def test_too_large_an_expression_is_not_suspected() -> None:
    assert () == of("(?:(?:(?:(?:a{20}){20}){20}){20}b)*")


def test_a_search_gives_up_in_time() -> None:
    regex = "^" + "".join(f"(?:{'.' * 50})*" for _ in range(20)) + "x"
    begun = time.perf_counter()
    of(regex)
    assert time.perf_counter() - begun < 10


def test_a_search_that_finds_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explosion, "_STEPS", 3)
    assert () == of("^(?:abcde)*(?:abcde)*x")


def test_a_line_has_about_the_length_that_is_wanted() -> None:
    suspect = Suspect("start ", "ab", "!", DOUBLING)
    assert "start ababab!" == suspect.line(14)
    assert "start ab!" == suspect.line(0)


def test_what_took_long_is_told_with_its_time_and_a_line() -> None:
    suspect = Suspect("user=", "a", "!", DOUBLING)
    text = verdict(suspect, [0.001, 0.25], is_cut=True)
    assert text.startswith(f'takes more than 0.25 s for a line of {LENGTHS[1]} characters, "user=aaa…"')
    assert "takes 0.5 s for" in verdict(suspect, [0.1, 0.5], is_cut=False)
    assert "takes 0.5 s for" in verdict(suspect, [0.5], is_cut=False)


@pytest.mark.parametrize("seconds", [[], [0.001] * 8, [0.09], [0.06, 0.13]])
def test_what_is_quick_or_grows_in_proportion_is_not_told(seconds: list[float]) -> None:
    assert "" == verdict(Suspect("", "a", "", 2), seconds, is_cut=False)


def test_words_found_are_words_of_the_loops() -> None:
    dice = random.Random(7)
    found = 0
    for _ in range(200):
        regex = "".join(dice.choice(["a", "b", "[ab]", "a*", "(?:ab)*", "(?:a|ab)*", "b?"]) for _ in range(6))
        for each in of(f"^{regex}"):
            beginnings = re.compile(f"(?:{regex})")
            # Some text that begins with the line is matched: the line can be gone on with.
            text = each.start + each.pump * 2
            assert any(beginnings.fullmatch(text + "".join(rest)) for rest in _ENDS), (regex, each)
            found += 1
    assert found > 100


_ENDS = [rest for length in range(7) for rest in itertools.product("ab", repeat=length)]
