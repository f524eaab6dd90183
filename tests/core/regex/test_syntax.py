"""Expressions become trees, by the parser of Python's own `re`."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.regex.charset import EVERYTHING, NEWLINE, SAMPLE, having, within, without
from banish.core.regex.syntax import _NODES, _Reading, tree_of
from banish.core.regex.tree import (
    At,
    Atomic,
    Back,
    Chars,
    Choice,
    Conditional,
    Greed,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    walk,
)


def chars(regex: str, flags: int = 0) -> Chars:
    node = tree_of(regex, flags)
    assert isinstance(node, Chars)
    return node


A, B = chars("a"), chars("b")


@pytest.mark.parametrize(
    ("regex", "tree"),
    [
        ("ab", Run((A, B))),
        ("", Run()),
        ("(?:)", Run()),
        ("aa|bb", Choice((Run((A, A)), Run((B, B))))),
        ("a*", Repeat(A, 0, None)),
        ("a+?", Repeat(A, 1, None, Greed.LAZY)),
        ("a{2,3}", Repeat(A, 2, 3)),
        ("a?+", Repeat(A, 0, 1, Greed.POSSESSIVE)),
        ("(?>a)", Atomic(A)),
        ("(a)", Group(A, 1)),
        ("(?P<user>a)", Group(A, 1, "user")),
        ("(?=a)", Look(A, is_ahead=True, is_negative=False)),
        ("(?<!a)", Look(A, is_ahead=False, is_negative=True)),
        ("(?!)", Look(Run(), is_ahead=True, is_negative=True)),
        ("^", At("AT_BEGINNING")),
        (r"(?m)\b", At("AT_BOUNDARY", is_multiline=True)),
        (r"(a)\1", Run((Group(A, 1), Back(1)))),
        ("(a)?(?(1)a|b)", Run((Repeat(Group(A, 1), 0, 1), Conditional(1, A, B)))),
        ("(a)?(?(1)a)", Run((Repeat(Group(A, 1), 0, 1), Conditional(1, A, Run())))),
    ],
)
def test_each_construct_has_its_node(regex: str, tree: Node) -> None:
    assert tree == tree_of(regex)


@pytest.mark.parametrize(
    ("regex", "wanted"),
    [
        ("a", having("a")),
        ("[^a]", without(EVERYTHING, having("a"))),
        (".", without(EVERYTHING, NEWLINE)),
        ("(?s).", EVERYTHING),
        ("[a-c1]", having("abc1")),
        ("[^a-c]", without(EVERYTHING, having("abc"))),
        ("(?i)k", having("kK")),
        ("(?i)[a-c]", having("abcABC")),
        (r"(?a)\d", having(string.digits)),
        (r"\d", having(string.digits + "٣")),
        (r"(?a)\w", having(string.ascii_letters + string.digits + "_")),
    ],
)
def test_a_character_is_a_set(regex: str, wanted: int) -> None:
    assert wanted == chars(regex).mask


@pytest.mark.parametrize(
    "regex", [r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"(?a)\W", r"(?a)\s", r"[^\s\d]", "."]
)
def test_sets_are_what_python_means_by_them(regex: str) -> None:
    assert having(character for character in SAMPLE if re.match(regex, character)) == chars(regex).mask


def test_flags_of_a_group_hold_inside_it() -> None:
    tree = tree_of("(?i:a)a(?-i:a)", re.IGNORECASE)
    assert [True, True, False] == [each.folds_case for each in walk(tree or Run()) if isinstance(each, Chars)]


@pytest.mark.parametrize(
    ("regex", "is_ascii"), [("a", True), ("[a-z]", True), ("é", False), ("[a-é]", False)]
)
def test_sets_of_ascii_are_known_as_such(regex: str, *, is_ascii: bool) -> None:
    assert is_ascii == chars(regex).is_ascii


@pytest.mark.parametrize("regex", [r"\d", "[^a]", "[^ab]", ".", "(?i)k"])
def test_what_may_hold_more_than_ascii_is_not(regex: str) -> None:
    assert not chars(regex).is_ascii


@pytest.mark.parametrize("regex", ["(", "a{2,1}", "(?P<x", "(" * 5000, r"\1"])
def test_what_cannot_be_read_has_no_tree(regex: str) -> None:
    assert tree_of(regex) is None


def test_later_pythons_have_a_word_for_what_never_matches() -> None:
    assert tree_of("(?!)") == _NODES["FAILURE"](_Reading({}), (), 0)


def test_warnings_of_the_parser_are_kept_quiet() -> None:
    assert tree_of("[[a]") is not None


@pytest.mark.slow
@given(st.text("ab.*+?()[]|^$\\dSw{1,}<>=!", max_size=20))
def test_whatever_compiles_has_a_tree(regex: str) -> None:
    try:
        re.compile(regex)
    except (re.error, OverflowError):
        assert tree_of(regex) is None
    except FutureWarning:
        return
    else:
        assert tree_of(regex) is not None


@pytest.mark.slow
@given(st.from_regex(r"\[\^?[a-z0-9 ]+\]", fullmatch=True), st.sampled_from(SAMPLE))
def test_a_class_holds_what_it_matches(regex: str, character: str) -> None:
    assert bool(re.match(regex, character)) == within(chars(regex).mask, character)
