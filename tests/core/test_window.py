"""The last lines, and what a match takes out of them."""

from __future__ import annotations

import re

from banish.core.window import Line, Taken, Window


def line(text: str) -> Line:
    return Line("<", "date", f"> {text}")


def window(size: int, *texts: str) -> Window:
    lines = Window(size)
    for text in texts:
        lines.push(line(text))
    return lines


def take(lines: Window, regex: str) -> Taken:
    match = re.search(regex, lines.text(), re.MULTILINE)
    assert match is not None
    return lines.take(match)


def test_the_date_is_cut_out_of_what_is_searched_only() -> None:
    assert "<> a" == line("a").searched
    assert "<date> a" == line("a").whole


def test_a_line_that_is_too_long_is_cut_wherever_its_date_is() -> None:
    parts = Line("<", "date", "> a")
    cuts = [(0, ""), (1, "<"), (3, "<da"), (6, "<date>"), (8, "<date> a"), (9, "<date> a")]
    assert [whole for _, whole in cuts] == [parts.cut(length).whole for length, _ in cuts]
    assert parts is parts.cut(8)


def test_every_line_ends_with_a_newline() -> None:
    assert "<> b\n" == window(1, "a", "b").text()
    assert "<> b\n<> c\n" == window(2, "a", "b", "c").text()


def test_there_is_always_room_for_one_line() -> None:
    assert "<> b\n" == window(0, "a", "b").text()


def test_a_single_line_is_taken_whole_and_stays() -> None:
    lines = window(1, "a b")
    assert Taken((line("a b"),), "<> a b\n") == take(lines, "b")
    assert "<> a b\n" == lines.text()


def test_a_match_takes_whole_lines_from_its_first_to_its_last() -> None:
    lines = window(5, "a", "b1", "c", "d1", "e")
    assert Taken((line("b1"), line("c"), line("d1")), "<> b1\n<> c\n<> d1\n") == take(lines, r"1\n.*\n.*d")
    assert "<> a\n<> e\n" == lines.text()


def test_a_match_that_ends_with_the_newline_takes_no_line_more() -> None:
    lines = window(3, "a", "b", "c")
    assert (line("b"),) == take(lines, r"b\n").lines


def test_a_match_that_begins_with_a_newline_does_not_take_the_line_before() -> None:
    lines = window(3, "a", "b", "c")
    assert (line("b"),) == take(lines, r"\s*<> b").lines
    assert (line("c"),) == take(lines, r"\n<> c").lines


def test_skipped_lines_stay_in_their_order() -> None:
    lines = window(6, "a", "x", "b", "y", "c", "z")
    regex = r"^<> a$\n(?P<skiplines0>(?:.*\n)*?)^<> b$\n(?P<skiplines1>(?:.*\n)*?)^<> c$"
    assert (line("a"), line("b"), line("c")) == take(lines, regex).lines
    assert "<> x\n<> y\n<> z\n" == lines.text()


def test_nothing_skipped_is_nothing_kept() -> None:
    lines = window(3, "a", "b")
    assert (line("a"), line("b")) == take(lines, r"a$\n(?P<skiplines0>(?:.*\n)*?)<> b$").lines


def test_a_match_of_nothing_at_the_end_takes_nothing() -> None:
    lines = window(3, "a", "b")
    assert () == take(lines, r"\Z").lines
    assert "<> a\n<> b\n" == lines.text()
