from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.regex.beginning import beginning


def cut(regex: str, text: str, flags: int = 0) -> tuple[str, int]:
    found = beginning(re.compile(regex, flags), text)
    assert found is not None
    assert regex == found.fits + found.rest
    return found.fits, found.end


@pytest.mark.parametrize(
    ("fits", "end", "regex", "text"),
    [
        ("^bad ", 4, r"^bad host", "bad user"),
        ("^", 0, r"^bad", "good"),
        ("", 0, r"x+", "bad"),
        (r"^a\d{2,3} ", 4, r"^a\d{2,3} \[z\]", "a12 y"),
        (r"^[^]x]{2}", 2, r"^[^]x]{2}c", "abd"),
        (r"^(?:ab|c", 1, r"^(?:ab|cd)e", "cx"),
        (r"^(?P<who>a", 1, r"^(?P<who>ab)+ (?P=who)", "ac"),
        (r"^(?:ab)?c(?=d)d", 2, r"^(?:ab)?c(?=d)de", "cdx"),
        (r"^c", 1, r"^c(?=de)d", "cdx"),
        (r"^(a)?(?(1)b|c)", 1, r"^(a)?(?(1)b|c)d", "cx"),
        (r"^a(?#why (b)", 1, r"^a(?#why (b)c", "ax"),
        (r"(?i)^a", 1, r"(?i)^aB", "AC"),
        (r"^(?:a(?:b(?:c", 3, r"^(?:a(?:b(?:cd)))", "abcx"),
        (r"^\x41\u0042\N{LATIN CAPITAL LETTER C}", 3, r"^\x41\u0042\N{LATIN CAPITAL LETTER C}D", "ABCX"),
        (r"^a{", 2, r"^a{b", "a{c"),
        (r"^(?:x(?P<n>a)|y", 1, r"^(?:x(?P<n>a)|y(?P=n))z", "yb"),
        (r"^(?>a", 1, r"^(?>ab)c", "ax"),
    ],
)
def test_the_longest_beginning_that_fits_is_told(fits: str, end: int, regex: str, text: str) -> None:
    assert (fits, end) == cut(regex, text)


def test_flags_hold_for_beginnings_too() -> None:
    assert ("^ab", 2) == cut("^abc", "ABX", re.IGNORECASE)


def test_an_expression_that_matches_fits_whole() -> None:
    assert (r"^(?:a|b)$", 1) == cut(r"^(?:a|b)$", "b")


def test_an_expression_with_comments_is_not_cut() -> None:
    assert beginning(re.compile("a # b", re.VERBOSE), "b") is None


def test_groups_too_deep_to_read_are_not_cut() -> None:
    assert beginning(re.compile("(?:" * 400 + "a" + ")" * 400), "b") is None


@pytest.mark.filterwarnings("ignore")
@given(st.text("ab(|)[]?*+{}1,\\:P<>^$.", max_size=12), st.text("ab", max_size=6))
def test_whatever_compiles_is_cut_somewhere(regex: str, text: str) -> None:
    try:
        pattern = re.compile(regex)
    except (re.error, OverflowError):
        return
    found = beginning(pattern, text)
    assert found is not None
    assert regex == found.fits + found.rest
