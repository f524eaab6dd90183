"""What follows the last character that was looked at makes no difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.pattern import templates
from banish.core.regex.reach import Reach, bound

BOUND = [each for each in templates("{^LN-BEG}", 2026) if each.begins]
REACHES = [Reach(each.regex.pattern, each.regex.flags) for each in BOUND]
BEGINNINGS = ["2026-01-01 11:00:05", "Jan 11 11:00:05", "11/Jan/2026:11:00:05", "1767268830"]


@given(
    st.sampled_from(BEGINNINGS),
    st.text("0123456789 :.,+-TZhost", max_size=6),
    st.text("0123456789 :.+-Zx", max_size=6),
    st.text("0123456789 :.+-Zx", max_size=6),
)
def test_lines_that_begin_alike_are_dated_alike(begin: str, middle: str, one: str, other: str) -> None:
    known = begin + middle
    for template, reach in zip(BOUND, REACHES, strict=True):
        if reach.ends_with(known):
            first, second = template.regex.search(known + one), template.regex.search(known + other)
            assert (first and first.span()) == (second and second.span())


def test_a_blank_behind_a_date_may_lead_to_a_year() -> None:
    reach = Reach(BOUND[1].regex.pattern, BOUND[1].regex.flags)
    assert not reach.ends_with("Jan 00 00:00:00 ")
    assert reach.ends_with("Jan 00 00:00:00 h")
    assert not reach.ends_with("Jan 00 00:00:00 0")


@pytest.mark.parametrize(
    "regex", ["unbound", "^a(?=bc)", "^(", "^a(?=b*)", "^" + "a" * 25_000, "^a(?=(?P<x>b)(?P=x))"]
)
def test_of_what_cannot_be_said_it_is_not_said(regex: str) -> None:
    assert not Reach(regex).ends_with("a!")


def test_the_digits_of_the_text_are_left_open() -> None:
    assert not Reach("^1[0-5]?x?").ends_with("09")
    assert Reach("^1x?").ends_with("0y")


def test_references_stand_for_all_that_their_group_may_be() -> None:
    assert not Reach(
        r"^(a|b*)(?:(?P=x)|c)(?P<x>d)".replace("(?P<x>d)", "").replace("(?P=x)", r"\1")
    ).ends_with("ab")
    assert Reach(r"^(?P<s>[-/])x(?P=s)").ends_with("-y")
    assert Reach(r"^(a)?(?(1)b|c)").ends_with("ad")


def test_text_beyond_ascii_and_no_text_are_not_judged() -> None:
    assert not Reach("^a").ends_with("é")
    assert not Reach("^a").ends_with("")


def test_answers_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banish.core.regex.reach._KEPT", 2)
    reach = Reach("^a")
    assert [True] * 4 == [reach.ends_with(text) for text in ("ab", "ac", "ad", "ab")]


@pytest.mark.parametrize("regex", ["unbound", "(?m)^x", "^(?:x)?", "^(", "^" + "a" * 25_000])
def test_what_is_not_bound_to_the_beginning_or_can_be_nothing_is_not_taken_for_it(regex: str) -> None:
    assert bound(regex) is None
    assert bound(f"^x(?:{regex[1:]})?" if regex == "^(?:x)?" else "^x") is not None
