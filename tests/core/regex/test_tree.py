"""Trees can be walked."""

from __future__ import annotations

import pytest

from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Chars, Run, children, refers_back, walk


def test_a_tree_is_walked_in_the_order_in_which_it_is_written() -> None:
    tree = tree_of("a(b|cc)*(?=d)(?>e)(x)?(?(2)f|g)")
    assert tree is not None
    spelled = [chr(int(each.spelled.split()[1])) for each in walk(tree) if isinstance(each, Chars)]
    assert list("abccdexfg") == spelled


def test_a_character_has_nothing_below_it() -> None:
    assert () == children(tree_of("a") or Run())


@pytest.mark.parametrize(
    ("regex", "does"), [("(a)b", False), (r"(a)\1", True), ("(a)?(?(1)b|c)", True), (r"(?:(a)\1)*", True)]
)
def test_it_is_known_what_depends_on_a_group(regex: str, *, does: bool) -> None:
    assert does == refers_back(tree_of(regex) or Run())
