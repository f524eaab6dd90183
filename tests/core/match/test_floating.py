"""Dates that stand anywhere in the line: which lines are of the usual kind, and the same verdicts."""

from __future__ import annotations

import random
from datetime import UTC

import pytest
from tests.core.match.logs import IP4, NOON, Twins, everything_is_large, jail, judged_in_part, program

from banish.core.dates import DateReader
from banish.core.match import Mode
from banish.core.match.floating import Floating
from banish.core.match.page import Page
from banish.core.match.settling import settled

USUAL = '192.0.2.{n} - {user} [{day:02}/{month}/2026:11:{n:02}:{n:02} +0000] "GET /{path} HTTP/1.1" 200'
INJECTED = (
    "[01/Jan/2026:10:00:00 +0000]",
    "01/Jan/2026:10:00:00 +0000",
    "[01/Jan/2026:10:00:00]",
    "x[31/Dec/2025:23:59:59 +0100]",
    "[1/Jan/2026:10:00:0",
    "2026-01-01 10:00:00",
    "[1767268800]",
    "@4000000052dd3c8f0c0c0c0c",
    "[]",
    "[",
    "]",
    "caf\xe9",
    "30/Feb/2026:10:00:00",
)
ODD = (
    "",
    "no date, bad",
    "[30/Feb/2026:10:00:00 +0000] bad",
    "2026-01-01 10:00:00 192.0.2.7 bad",
    "Jan  1 10:00:00 host bad",
    "12/31/2025:10:00:00 bad",
)


def reader(*lines: str) -> DateReader:
    made = DateReader((), UTC, 2026)
    for line in lines:
        made.read(line, NOON)
    return made


def usual(n: int = 1, *, user: str = "-", day: int = 1, month: str = "Jan", path: str = "good") -> str:
    return USUAL.format(n=n % 60, user=user, day=day, month=month, path=path)


def odd_in(lines: list[str]) -> list[int] | None:
    state = settled(reader(usual()))
    assert isinstance(state, Floating)
    assert state.is_usable
    page = Page(b"".join(line.encode() + b"\n" for line in lines))
    starts = state.odd(page)
    return None if starts is None else [page.number_of(start) for start in starts]


def test_lines_of_the_usual_kind_are_not_odd() -> None:
    lines = [usual(n) for n in range(60)]
    assert [] == odd_in(lines)
    assert [] == odd_in([*lines, *(usual(n, month="Feb") for n in range(60))])


@pytest.mark.parametrize(
    "odd",
    [
        "no date at all",
        usual(user="[01/Jan/2026:10:00:00 +0000]"),
        usual(user="01/Jan/2026:10:00:00"),
        usual(path="[01/Jan/2026:10:00:00 +0000]"),
        usual(path="2026-01-01 10:00:00"),
        usual(user="caf\xe9"),
        usual(user="[x]"),
        usual(day=32),
    ],
)
def test_what_may_be_dated_otherwise_is_odd(odd: str) -> None:
    lines = [usual(n) for n in range(60)]
    assert [30] == odd_in([*lines[:30], odd, *lines[30:]])


def test_what_only_looks_like_another_date_is_not_odd() -> None:
    lines = [usual(n, path="id1767268800") for n in range(60)]
    assert [] == odd_in(lines)
    assert [60] == odd_in([*lines, usual(path="2026-01-01 10:00:00")])


@pytest.mark.parametrize(
    "line",
    [
        "x 01/Jan/2026:10:00:00 y",  # between blanks, which dates of this kind may have in them
        "x -01/Jan/2026:10:00:00-",
        "x \xab01/Jan/2026:10:00:00\xbb",
        "x [01/Jan/2026:10:00:00",
        "x y 01/Jan/2026:10:00:00]",
    ],
)
def test_dates_that_blend_into_the_line_have_no_state_of_their_own(line: str) -> None:
    assert settled(reader("x (01/Jan/2026:10:00:00) y")).is_usable
    assert not settled(reader(line)).is_usable


def test_the_state_ends_when_another_template_dates_or_other_characters_stand_around() -> None:
    dates = reader(usual())
    state = settled(dates)
    assert state.is_so(dates)
    dates.read("x (01/Jan/2026:10:00:00) y", NOON)
    assert not state.is_so(dates)
    assert not state.is_so(reader())
    assert not state.is_so(reader("x 2026-01-01 10:00:00"))


def test_a_word_is_looked_for_in_the_part_that_no_date_can_break() -> None:
    state = settled(reader(usual()))
    assert state.unbroken("- [] get") == "] get"
    assert state.unbroken("get /bad [") == "get /bad "
    assert state.unbroken("plain") == "plain"


@pytest.fixture
def sparse(inside: pytest.MonkeyPatch) -> list[int]:
    """Count the hits of pages of which only some lines were judged."""
    everything_is_large(inside, share=3)
    return judged_in_part(inside)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(Mode))
def test_the_verdicts_are_those_of_the_slow_twin(mode: Mode, sparse: list[int]) -> None:
    for seed in range(40):
        draw = random.Random(seed)
        twins = Twins(
            program(
                jail(rf'^{IP4} - \S+ \[\] "GET /bad', name="bad"),
                jail(rf"{IP4}.* evil", r"no date, (?P<fid>\w+)", name="evil"),
            ),
            mode,
        )
        lines = [_line(draw) for _ in range(draw.randrange(40, 160))]
        twins.read_parts(lines, *sorted(draw.sample(range(len(lines)), 2)))
    assert sum(sparse)  # else nothing was tried


def _line(draw: random.Random) -> str:
    if draw.random() < 0.05:
        return draw.choice(ODD)
    injected = draw.choice(INJECTED) if draw.random() < 0.1 else "-"
    user, path = ("-", injected) if draw.random() < 0.5 else (injected, "x")
    path = draw.choice((path, path, path, "bad", f"{path} evil"))
    month = draw.choice(("Jan",) * 20 + ("Feb",))
    line = usual(draw.randrange(60), user=user, day=1, month=month, path=path)
    return "long.example.org " * draw.randrange(2) + line
