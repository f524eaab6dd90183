"""Places of groups: in the line as it stands, whatever was cut out of it."""

from __future__ import annotations

import re

import pytest

from banish.core.match.found import Cut, Found, Span, found, spans

LINE = "ab2026cd"
CUT = Cut(2, 6)


@pytest.mark.parametrize(
    ("span", "offset", "expected"),
    [
        ((0, 2), 0, Span(0, 2)),
        ((2, 4), 0, Span(6, 8)),
        ((0, 1), 3, Span(7, 8)),
        ((1, 3), 0, None),  # around the date
        ((3, 5), 0, None),  # beyond the end
    ],
)
def test_a_place_behind_the_date_moves_back(
    span: tuple[int, int], offset: int, expected: Span | None
) -> None:
    assert expected == CUT.back(span, offset, len(LINE))


def test_groups_are_told_of_any_line_of_the_shape() -> None:
    match = re.search(r"(?P<a>b)?(?P<b>c)(?P<ip4>d)(?P<none>x)?", LINE[:2] + LINE[6:])
    assert match is not None
    places = spans(match, CUT, 0, len(LINE))
    assert {"a": Span(1, 2), "b": Span(6, 7), "ip4": Span(7, 8), "none": None} == places
    assert places is not None
    made = Found(3, places)
    assert {"a": "B", "b": "C", "ip4": "D", "none": None} == made.groups("AB1999CD")
    assert (3, Span(7, 8), None, None) == (made.rule, made.address, made.user, made.connection)


def test_a_group_that_ends_beyond_the_line_has_no_place() -> None:
    match = re.search(r"(?P<a>d\n)", "abcd\n")
    assert match is not None
    assert spans(match, CUT, 0, len(LINE)) is None


def test_groups_of_the_expression_hide_those_of_the_prefix_and_content_is_no_group() -> None:
    around = {"content": Span(4, 9), "user": Span(0, 1), "mlfid": Span(0, 2)}
    made = found(0, dict(around), {"user": None})
    assert {"mlfid": "ab", "user": None} == made.groups("abcdefghi")
    empty = found(0, {"content": Span(4, 4)}, {})
    assert {} == empty.groups("abcdefghi")
