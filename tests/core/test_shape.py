from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.shape import CHARS, MANY, Shapes, shape_of


def ranking(shapes: Shapes) -> list[tuple[str, int, int]]:
    return [(shape, seen.count, seen.first) for shape, seen in shapes.ranking()]


def filled(*texts: str, cap: int = 1000) -> Shapes:
    shapes = Shapes(cap)
    for number, text in enumerate(texts, 1):
        shapes.add(number, shape_of(text))
    return shapes


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (
            "Failed password for root from <ip> port # ssh2",
            "Failed password for root from 192.0.2.7 port 42 ssh2",
        ),
        ("from <ip>: #: Bye", "from 2001:db8::7: 11: Bye"),
        ("to <ip>.", "to ::1."),
        ("<ip> <ip>", "::ffff:192.0.2.7 1:2:3:4:5:6:7:8"),
        ("at # in std::string", "at 10:04:40 in std::string"),
        ("uid=# rhost=<host>", "uid=0 rhost=a.b.example"),
        ('<ip> - - "GET …" 404 # "…"', '192.0.2.7 - - "GET /a HTTP/1.1" 404 12 "Mozilla"'),
        ('query "…" denied for "…"', "query \"a\" denied for 'b c'"),
        ("user's mail to <mail>", "user's mail to anna@example.net"),
        ("<path> not at <url>", "/var/www/x not at https://example.net/y?z=1"),
        ("<id>: <id> <id> <mac>", "3F2B1A0C: 0x1f 123e4567-e89b-12d3-a456-426614174000 00:0a:95:9d:68:16"),
        ("key <id>", "key abcdefghijklmnopqrstu/vwxyz+1"),
        ("eth0 ssh2 #", "eth0 ssh2 1.5"),
    ],
)
def test_what_varies_gives_way_to_a_placeholder(shape: str, text: str) -> None:
    assert shape == shape_of(text)


def test_the_shape_of_a_long_line_is_that_of_its_beginning() -> None:
    assert "a" * CHARS + "…" == shape_of("a" * 2000)
    assert '"…" …'.replace(" ", "") == shape_of('"' + "a" * 998 + '"b')


def test_like_lines_are_counted_the_most_frequent_first() -> None:
    shapes = filled("b", "a 1", "a 2")
    assert [("a #", 2, 2), ("b", 1, 1)] == ranking(shapes)
    assert (3, 0) == (shapes.count, shapes.others)


def test_a_word_that_varies_is_folded() -> None:
    names = [f"user {name} came" for name in "abcdef"]
    assert MANY == len(names)
    assert [("user <word> came", 7, 1)] == ranking(filled(*names, "user a came"))
    assert 5 == len(ranking(filled(*names[1:])))


def test_the_name_of_a_value_is_kept() -> None:
    assert [("user=<word> ok", 6, 1)] == ranking(filled(*(f"user={name} ok" for name in "abcdef")))


def test_numbers_and_quotes_are_not_folded() -> None:
    lines = [f'"GET /" {status} x' for status in range(200, 207)]
    assert 7 == len(ranking(filled(*lines)))


def test_words_in_two_places_are_folded() -> None:
    lines = [f"{one} likes {other}" for one in "abcdef" for other in "ghijkl"]
    assert [("<word> likes <word>", 36, 1)] == ranking(filled(*lines))


def test_shapes_found_after_folding_join_the_folded_one() -> None:
    shapes = filled(*(f"user {name}" for name in "abcdef"))
    shapes.ranking()
    shapes.add(7, "user g")
    assert [("user <word>", 7, 1)] == ranking(shapes)


def test_a_shape_that_a_larger_group_took_is_not_folded_twice() -> None:
    lines = [f"x {name} y" for name in "abcdefgh"] + [f"{name} a y" for name in "klmno"]
    assert [("x <word> y", 8, 1), *((f"{name} a y", 1, n) for n, name in enumerate("klmno", 9))] == ranking(
        filled(*lines)
    )


def test_a_full_table_makes_room_by_folding() -> None:
    shapes = filled(*(f"user {name}" for name in "abcdefghijklmnopqrstuvwxyz"), "other line", cap=10)
    assert [("user <word>", 26, 1), ("other line", 1, 27)] == ranking(shapes)
    assert 0 == shapes.others


def test_a_table_that_cannot_make_room_says_what_it_left_out() -> None:
    lines = [" ".join(chr(97 + number) * 3 for _ in range(number + 1)) for number in range(12)]
    shapes = filled(*lines, lines[0], cap=10)
    assert (13, 2) == (shapes.count, shapes.others)
    assert (lines[0], 2, 1) == ranking(shapes)[0]


@given(st.text(max_size=3000))
def test_any_text_has_a_short_shape(text: str) -> None:
    assert len(shape_of(text)) <= CHARS + 1


@pytest.mark.parametrize(
    "text", ['"' * 5000, "a@" * 2000, "a" * 5000, "1." * 3000, "a." * 3000, "/" * 5000, ":" * 5000]
)
def test_no_line_takes_long(text: str) -> None:
    start = process_time()
    shape_of(text)
    assert process_time() - start < 0.1
