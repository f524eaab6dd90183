"""Texts that are made of the sets are matched, and all that begin otherwise are found."""

from __future__ import annotations

import re
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.regex.inside import others, varied
from banish.core.regex.syntax import tree_of


def sets_of(regex: str, text: str) -> tuple[str, ...] | None:
    tree = tree_of(regex)
    assert tree is not None
    return varied(tree, text)


@pytest.mark.parametrize(
    ("regex", "text", "expected"),
    [
        (r"\d\d:[0-5]\d", "10:00", ["0123456789", "0123456789", ":", "012345", "0123456789"]),
        (r"(?:2[0-3]|[01]\d)h", "10h", ["01", "0123456789", "h"]),
        (r"(?P<s>[-/])\d(?P=s)", "-1-", ["-", "0123456789", "-"]),
        (r"(?:jan|feb) \d", "jan 1", ["j", "a", "n", " ", "0123456789"]),
        (r"(?P<s>-)(?:(?P=s)|x)+\d?", "--5", ["-", "-", "0123456789"]),
    ],
)
def test_digits_are_varied_as_far_as_the_expression_goes_along(
    regex: str, text: str, expected: list[str]
) -> None:
    assert tuple(expected) == sets_of(regex, text)


@pytest.mark.parametrize(
    ("regex", "text"),
    [
        (r"\d\d:\d\d", "10.00"),
        (r"(?>\d)x", "1x"),
        (r"\d(?=x)x", "1x"),
        (r"\d++", "11"),
        (r"(1)?(?(1)a|b)", "b"),
        (r"\d", "é"),
        (r"(\d)-(\w)\1\2", "1-a1a"),
        (r"(\d\d)-\1", "11-11"),
        (r"(?:\d{20}){2000}", "1"),
        (r"(\d)\1", "11"),
    ],
)
def test_what_is_not_so_simple_is_not_varied(regex: str, text: str) -> None:
    assert sets_of(regex, text) is None


@given(
    st.from_regex(r"[0-9]{1,2}(?:[-:][0-5][0-9]){1,2}(?:\.[0-9]{1,3})?", fullmatch=True).filter(str.isascii)
)
def test_all_that_is_made_of_the_sets_is_matched(text: str) -> None:
    regex = r"(?:2[0-3]|[01]?\d)(?:[-:][0-5]\d){1,2}(?:\.\d{1,3})?"
    sets = sets_of(regex, text)
    assert (sets is not None) == bool(re.fullmatch(regex, text))
    for made in islice(product(*sets) if sets else (), 200):
        assert re.fullmatch(regex, "".join(made))


@given(st.lists(st.sampled_from(["0", "01", "a", ":"]), min_size=1, max_size=4), st.text("01a:b", max_size=5))
def test_what_begins_otherwise_is_found(sets: list[str], text: str) -> None:
    pairs = list(zip(text, sets, strict=False))
    differs = any(character not in some for character, some in pairs)
    assert differs == bool(re.match(others(sets), text))
