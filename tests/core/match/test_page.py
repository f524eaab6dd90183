"""A block and its lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.match import page as pages
from banish.core.match.page import Page

LINES = st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b"")), max_size=8)


def page(lines: list[bytes]) -> Page:
    return Page(b"".join(line + b"\n" for line in lines))


@given(LINES)
def test_all_forms_have_the_same_lines(lines: list[bytes]) -> None:
    made = page(lines)
    bare = [line.rstrip(b"\r") for line in lines]
    assert bare == made.raw
    assert [len(line) + 1 for line in lines] == [len(shape) for shape in made.shapes]
    assert len(lines) == made.count
    assert all(line.isascii() for line in lines) == made.is_ascii


@pytest.mark.parametrize("long", [1, 10_000])
@given(LINES, st.randoms(use_true_random=False))
def test_a_line_is_known_by_where_it_begins(long: int, lines: list[bytes], draw: st.DrawFn) -> None:
    lines *= 9
    made = page(lines)
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines) + 1)]
    order = list(enumerate(starts))
    draw.shuffle(order)  # type: ignore[attr-defined] # a random.Random
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_LONG", long)
        assert [number for number, _ in order] == [made.number_of(start) for _, start in order]
    assert made.raw == [made.line_at(start) for start in starts[:-1]]
    assert starts[:-1] == [made.line_before(start) for start in starts[1:]]


def test_the_shape_has_no_digits_but_one() -> None:
    assert [b"00 a 000\n"] == page([b"12 a 345"]).shapes


def test_the_first_line_may_have_another_number() -> None:
    assert 7 == Page(b"x\n", 7).first


def test_a_page_is_divided_between_lines() -> None:
    page = Page(b"".join(b"%d\n" % number for number in range(1000)), 7)
    parts = list(page.parts(100))
    assert page.block == b"".join(part.block for part in parts)
    assert all(100 < len(part.block) <= 104 for part in parts[:-1])
    assert [(7, 0), (7 + parts[0].count, parts[0].count)] == [(p.first, int(p.raw[0])) for p in parts[:2]]
    assert [page] == list(page.parts(len(page.block)))
    assert 1000 == sum(part.count for part in parts)
