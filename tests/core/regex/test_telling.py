"""Which digits an expression tells from others, held against what it matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from banish.core.regex.telling import telling


@pytest.mark.parametrize(
    ("regex", "text", "places"),
    [
        (r"^from \d+: 11: ", "from 17: 11: bye", {9, 10}),
        (r"^from \d+: 11: ", "from 17: 21: bye", {9, 10}),  # as in any text with digits at these places
        (r"^from \d+: (?:3|14): ", "from 17: 11: bye", {9, 10}),
        (r"^from \d+: 3: ", "fail 17: 3: bye", set()),
        (r"404$", "1 is 404", {0, 5, 6, 7}),
        (r"^\d+ [0-9a-f]+$", "12 34", set()),
        (r"^(\d)?(?(1)1|2)", "12", {0, 1}),
        (r"^(?=\d)1", "12", {0}),
        (r"^", "1", set()),
        (r"^1", "", set()),
        (r"^1\b2$", "12", {0, 1}),
    ],
)
def test_the_digits_that_are_compared_with_some_and_not_all(regex: str, text: str, places: set[int]) -> None:
    assert frozenset(places) == telling(regex, 0, text)


@pytest.mark.parametrize("regex", [r"(\d)\1", r"^\d(?!4)", r"(?<=1)x", r"(", "(?:1{20}){20}" * 60])
def test_what_cannot_be_told(regex: str) -> None:
    assert telling(regex, 0, "12") is None


PIECES = st.sampled_from(["1", "2", "[0-4]", r"\d", r"\w", "a", ".", r"\b", "(?=a)", "$", r"\D", "[^1]"])
REGEXES = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,2}"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
        st.tuples(inner, inner).map(lambda two: f"(?>{two[0]}){two[1]}"),
    ),
    max_leaves=8,
)


@given(REGEXES, st.sampled_from(["^", ""]), st.text("12345a ", max_size=8), st.data())
def test_texts_that_differ_in_other_digits_are_matched_alike(
    regex: str, begin: str, text: str, data: st.DataObject
) -> None:
    whole = begin + regex
    try:
        search = re.compile(whole).search
    except re.error:
        assume(False)  # noqa: FBT003
        return
    places = telling(whole, 0, text)
    assert places is not None
    other = "".join(
        data.draw(st.sampled_from("0123456789")) if character.isdigit() and place not in places else character
        for place, character in enumerate(text)
    )
    one, two = search(text), search(other)
    assert (one and one.regs) == (two and two.regs)
