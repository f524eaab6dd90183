"""Wildcards beside the address are shown to be dangerous, by a line, or are left in peace."""

from __future__ import annotations

import re

import pytest

from banish.compat.tags import expand
from banish.core.config import UseDns
from banish.core.lint.catchall import RIGHT, WRONG, Forgery, forgery
from banish.core.regex.syntax import tree_of


def found(text: str, flags: int = 0) -> Forgery | None:
    pattern = re.compile(expand(text, UseDns.WARN), flags)
    tree = tree_of(pattern.pattern, pattern.flags)
    assert tree is not None
    return forgery(tree, pattern)


BEHIND = [
    "^Failed for .* from <HOST>",
    "^Failed for .+ from <HOST> port \\d+",
    "^Failed for .* from <HOST>: .*$",
    "^Failed for <F-USER>.*</F-USER> from <ADDR>",
    "^Failed(?: for <F-USER>.*</F-USER>)? from <HOST>",
    "^Failed for (?:root|.*) from <HOST>",
    "^(?:\\S+ )*from <HOST>",
    "^user=\\S+,ip=<HOST>",
    "^Failed for .{0,100} from <HOST>",
    "Failed for .* from <HOST>",
]

BEFORE = [
    "^Failed for .*? from <HOST>",
    "^Failed for .*? from <HOST>(?: port \\d+)?",
    "Failed login from <HOST>",
    "<HOST> failed",
]


@pytest.mark.parametrize("text", BEHIND)
def test_text_behind_the_address_can_move_the_ban_where_a_greedy_wildcard_is_open_at_its_end(
    text: str,
) -> None:
    forged = found(text)
    assert forged is not None
    assert not forged.is_before
    assert forged.line.index(RIGHT) < forged.line.index(WRONG)


@pytest.mark.parametrize("text", BEFORE)
def test_text_before_the_address_can_move_the_ban_where_the_first_fit_counts(text: str) -> None:
    forged = found(text)
    assert forged is not None
    assert forged.is_before
    assert forged.line.index(WRONG) < forged.line.index(RIGHT)


@pytest.mark.parametrize("text", [*BEHIND, *BEFORE])
def test_the_line_is_a_proof(text: str) -> None:
    forged = found(text)
    assert forged is not None
    match = re.search(expand(text, UseDns.WARN), forged.line + "\n")
    assert match is not None
    assert WRONG in match.groupdict().values()
    assert RIGHT in forged.line


@pytest.mark.parametrize(
    "text",
    [
        "^Failed for .* from <HOST>$",
        "^Failed for .*? from <HOST>$",
        "^Failed for .* from <HOST>(?: port \\d+)?$",
        "^Failed for .* from <HOST>(?:: \\S*|$)$",
        "^Failed for \\S+ from <HOST>",
        '^Failed for "[^"]*" from <HOST>',
        "^<HOST> .* failed",
        "^Failed from <HOST>",
        "^Failed for .{0,10} from <HOST>",
        "^Failed for (?!.* from .* from ).* from <HOST>",
        "^Failed for .* from <HOST>(?:\\. (?:(?! from ).)* in \\S+)?$",
    ],
)
def test_what_fits_one_place_only_is_left_in_peace(text: str) -> None:
    assert found(text) is None


def test_a_class_that_cannot_hold_the_address_itself_is_no_wildcard() -> None:
    assert found("^(?:<[^.]+>\\s+)?Failed from <HOST>") is None


def test_who_was_let_in_is_not_banned() -> None:
    assert found("^<F-MLFGAINED>Accepted</F-MLFGAINED> .* from <HOST>") is None


@pytest.mark.parametrize(
    "text",
    [
        "^(?:(a)|b) .*(?(1)<HOST>|x)",  # not on every line
        "^(?=.* <HOST>)a",  # no place in the order of the line
        "^.*[^\\s\\S]<HOST>",
        "^(?!)a.* <HOST>",
        "^.* <HOST>(?!)",
        "^.* by <F-MLFID>\\d+</F-MLFID>",
    ],
)
def test_what_cannot_be_shown_is_not_claimed(text: str) -> None:
    assert found(text) is None


def test_an_expression_for_several_lines_is_judged_as_it_runs() -> None:
    assert found("^Failed for .* from <HOST>$", re.MULTILINE) is None
    assert found("^Failed for .* from <HOST>", re.MULTILINE) is not None
