"""Lines that differ from one of them, and what is done when many do."""

from __future__ import annotations

from banish.core.match.page import Page
from banish.core.match.sieve import LineSearch
from banish.core.match.strays import Strays, beyond_ascii, most_odd


def unlike(line: str) -> LineSearch | None:
    return LineSearch([(f"^[^{line[0]}]", 0)], is_exact=True) if line else None


def lines_of(page: Page, starts: set[int] | None) -> list[bytes] | None:
    return None if starts is None else [page.line_at(start) for start in sorted(starts)]


def test_lines_are_found_that_differ_from_the_first() -> None:
    page = Page(b"a1\na2\nb3\na4\n" * 4)
    assert [b"b3"] * 4 == lines_of(page, Strays(unlike).lines(page, 4))


def test_of_two_kinds_of_lines_neither_is_strange() -> None:
    page, strays = Page(b"a1\n" * 8 + b"c\n" + b"b1\n" * 8), Strays(unlike)
    assert [b"c"] == lines_of(page, strays.lines(page, 2))
    later = Page(b"b1\n" * 8)
    assert set() == strays.lines(later, 2)


def test_too_many_strange_lines_are_not_told() -> None:
    page = Page(b"a\nb\nc\nd\ne\nf\n")
    assert Strays(unlike).lines(page, 2) is None


def test_there_is_nothing_to_compare_with_in_a_line_that_will_not_do() -> None:
    assert Strays(unlike).lines(Page(b"\na\n"), 2) is None
    assert Strays(unlike).lines(Page("caf\xe9\na\n".encode()), 2) is None
    assert Strays(unlike).lines(Page(b"a\na\n" + b"\xff\n" * 9), 2) is None


def test_lines_beyond_ascii_are_found() -> None:
    page = Page("a\ncaf\xe9 \xe9\nb\n\xe9\n".encode())
    assert {2, len("a\ncaf\xe9 \xe9\nb\n".encode())} == beyond_ascii(page, 9)
    assert 1 == len(beyond_ascii(page, 0))
    assert set() == beyond_ascii(Page(b"a\n"), 9)


def test_one_line_in_eight_may_be_odd() -> None:
    assert most_odd(Page(b"a\n" * 17)) == 2
