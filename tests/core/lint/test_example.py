"""Examples are matched by the expression that they were made for."""

from __future__ import annotations

import re

import pytest

from banish.core.lint.example import LONGEST, example, shown
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Back, Run


def of(regex: str, **given: str) -> str | None:
    return example([tree_of(regex) or Run()], given)


@pytest.mark.parametrize(
    "regex",
    [
        "^abc$",
        r"\d{3} \S+",
        "(?:x|y)+z?",
        "(?!)a|b",
        r"(?P<q>['\"])x(?P=q)",
        "(?>ab|a)c",
        "(a)?(?(1)b|c)",
        "(a)(?(1)b|c)",
        r"\bword\b",
        r"[^\w\s]",
    ],
)
def test_an_example_is_matched(regex: str) -> None:
    text = of(regex)
    assert text is not None
    assert re.search(regex, text)


def test_groups_hold_what_is_given() -> None:
    assert "from 192.0.2.1 a" == of(r"from (?P<ip4>\d+) (?P<user>\w*a)", ip4="192.0.2.1")


def test_what_can_never_match_has_no_example() -> None:
    assert of("a(?!)b") is None
    assert of(r"[^\s\S]") is None
    assert of(r"(?:[^\s\S])+") is None
    assert of(r"(?P<x>[^\s\S])") is None


def test_a_group_that_is_not_there_has_no_text_to_repeat() -> None:
    assert example([Back(1)]) is None


def test_an_example_that_gets_long_is_not_given() -> None:
    assert LONGEST == len(of(f"a{{{LONGEST}}}") or "")
    assert of(f"a{{{LONGEST + 1}}}b") is None
    assert of("(?:a{60000}){60000}") is None


def test_a_text_is_shown_on_one_line() -> None:
    assert r"a\nb\x1b" == shown("a\nb\x1b")


def test_a_long_text_is_shown_by_its_ends() -> None:
    text = shown("a" * 1000 + "z" * 1000)
    assert ("a" * 60 + "…" + "z" * 60) == text
