"""Which lines a settled template does not date, and what a date leaves whole."""

from __future__ import annotations

import random

import pytest
from tests.core.match.logs import NOON, rules

from banish.core.dates.pattern import templates
from banish.core.match.page import Page
from banish.core.match.steady import Dateless, Steady

ISO = templates("{^LN-BEG}", 2026)[0]
SYSLOG = templates("{^LN-BEG}", 2026)[1]
ACCESS = templates(r"^[^\[]*\[({DATE})", 2026)[4]

LINES = {
    ISO: "2026-01-01 11:{minute:02}:{second:02} good",
    SYSLOG: "Jan  1 11:{minute:02}:{second:02} host good",
    ACCESS: "192.0.2.1 - - [01/Jan/2026:11:{minute:02}:{second:02} +0000] good",
}
ODD = [
    "",
    "no date",
    "[no date",
    "2026-13-01 11:00:00 x",
    "Jan 32 11:00:00",
    "x [1/Jan/26",
    "caf\xe9",
    "2026",
]


@pytest.mark.parametrize("template", LINES)
@pytest.mark.parametrize("seed", range(20))
def test_lines_that_it_does_not_date_are_found(template: object, seed: int) -> None:
    chosen = next(each for each in LINES if each is template)
    draw = random.Random(seed)
    steady = Steady(chosen)
    for _ in range(3):
        lines = [
            LINES[chosen].format(minute=draw.randrange(60), second=draw.randrange(60)) for _ in range(200)
        ]
        for _ in range(draw.randrange(10)):
            lines.insert(draw.randrange(200), draw.choice(ODD))
        raw = [line.encode() for line in lines]
        starts = [sum(len(each) + 1 for each in raw[:number]) for number in range(len(raw))]
        odd = [
            start
            for start, line in zip(starts, lines, strict=True)
            if not line.isascii() or not chosen.regex.search(line)
        ]
        page = Page(b"".join(line + b"\n" for line in raw))
        assert odd == steady.odd(page)
        undated = {start for start, line in zip(starts, lines, strict=True) if not chosen.regex.search(line)}
        assert undated == steady._undated(page, len(lines))


def test_too_many_odd_lines_are_not_told() -> None:
    assert Steady(ISO).odd(Page(b"no date\n" * 20)) is None


def test_another_month_is_no_odd_line() -> None:
    steady = Steady(SYSLOG)
    assert [] == steady.odd(Page(b"Jan  1 11:00:00 a\n" * 20))
    assert [] == steady.odd(Page(b"Feb 28 23:59:59 a\n" * 20))
    assert [] == steady.odd(Page(b"Feb 28 23:59:59 a\nMar  1 00:00:00 a\n" * 20))


def test_a_template_that_is_not_bound_is_of_no_use() -> None:
    assert not Steady(templates("{DEFAULT}", 2026)[-1]).is_usable


@pytest.mark.parametrize(
    ("word", "kept"),
    [(' - - [] "get', '] "get'), (" [client ", "client "), ("get /", "get /"), ("[", "["), ("a[b", "b")],
)
def test_a_word_keeps_what_cannot_be_torn_apart(word: str, kept: str) -> None:
    assert kept == Steady(ACCESS).unbroken(word)


def test_a_date_at_the_beginning_tears_little_apart() -> None:
    assert "failed [x" == Steady(ISO).unbroken("failed [x")
    assert "client" == Steady(ISO).unbroken("[] [client")


def test_where_no_line_has_a_date_those_that_may_are_odd() -> None:
    reader = rules("(?P<ip4>x)").dates()
    dateless = Dateless([each.template for each in reader.standings()])
    assert dateless.is_usable
    assert dateless.is_so(reader)
    assert [80] == dateless.odd(Page(b"no date\n" * 10 + b"2026-01-01 11:00:00 x\n" + b"no date\n" * 10))
    assert dateless.odd(Page(b"2026-01-01 11:00:00 x\n" * 10)) is None
    assert "[] x" == dateless.unbroken("[] x")
    reader.read("2026-01-01 11:00:00 x", NOON)
    assert not dateless.is_so(reader)
