"""Every text that an expression matches has one of the words, of each set."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banish.core.regex.literals import required


@pytest.mark.parametrize(
    ("regex", "words"),
    [
        ("Failed password", [{"failed password"}]),
        ("(?i)FAILED", [{"failed"}]),
        ("(?:error|fatal): x", [{"error: x", "fatal: x"}]),
        (r"user \S+ from \d+", [{"user "}, {" from "}]),
        (r"abc(?:def)?", [{"abc", "abcdef"}]),
        (r"abc(?:def)+", [{"abc"}, {"def"}]),
        (r"(?:abc|d\d)", []),
        (r"(?:abc\d|def\d)", [{"abc", "def"}]),
        (r"[abcdef]lmn", [{"lmn"}]),
        (r"(a)?(?(1)bcd|efg)", [{"abcd", "aefg", "bcd", "efg"}]),
        (r"(?>abc)\w", [{"abc"}]),
        (r"abc(?=d)(?!e)\w", [{"abc"}]),
        (r"(?P<a>abc)(?P=a)", [{"abc"}]),
        (r"abc\ndefg", [{"defg"}]),
        (r"ab\d", []),
        (r"[a-z]*", []),
        ("(", []),
        ("é", []),
        (r"x{0}abc", [{"abc"}]),
    ],
)
def test_words_are_read_off_an_expression(regex: str, words: list[set[str]]) -> None:
    assert {frozenset(each) for each in words} == set(required(regex))


EXPRESSIONS = (
    r"(?:Failed|Invalid) (?:password|user)(?: for)? \w{1,3} from [0-9]{1,3}(?: port [0-9]+)?",
    r"(?i)get /(?:admin|cgi-bin|w[0o]{2}t)[^ ]* http",
    r"(?:a(?:bc|bd){1,3}|x[yz]{2}w)(?:q|r)*end",
    r"[aeiou]{2}(?:one|two|three){2}\.",
    r"(?:abc|abcd|(?:de|fg)h){1,2}",
)


@given(st.data())
@settings(max_examples=200)
def test_every_match_has_a_word_of_each_set(data: st.DataObject) -> None:
    regex = data.draw(st.sampled_from(EXPRESSIONS))
    text = data.draw(st.from_regex(re.compile(regex, re.ASCII), fullmatch=True).filter(str.isascii))
    for words in required(regex):
        assert any(word in text.lower() for word in words)


def test_too_many_words_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.core.regex.literals._MANY", 2)
    assert () == required("(?:one|two|three|fourth)")
    assert () == required(r"(?:one\d|two\d|three\d)")


def test_sets_that_would_become_too_large_together_stay_apart() -> None:
    assert (frozenset({"dlmnop", "almnop", "blmnop", "clmnop"}),) == required("[a-d][a-d][a-d][a-d]lmnop")[
        -1:
    ]
