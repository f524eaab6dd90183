"""Only lines with a word are judged, and the answer is the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.core.match.logs import (
    IP4,
    NOON,
    Twins,
    block,
    everything_is_large,
    jail,
    judged_in_part,
    program,
    rules,
)

from banish.core.match import Mode
from banish.core.match.page import Page
from banish.core.match.sparse import SparseScanner

APACHE = (r"^[^\[]*\[({DATE})", "{^LN-BEG}")
BAD = rf'^{IP4} - - \[\] "GET /bad'


@pytest.fixture
def sparse(inside: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count the hits of pages of which only some lines were judged."""
    everything_is_large(inside)
    counts = judged_in_part(inside)
    yield counts
    assert counts  # else nothing was tried


def access(*paths: str, day: str = "01/Jan/2026", hour: int = 10) -> list[str]:
    return [
        f'192.0.2.{n % 250} - - [{day}:{hour:02}:{n // 60 % 60:02}:{n % 60:02} +0000] "GET {path} HTTP" 200'
        for n, path in enumerate(paths)
    ]


def some(bad: int, good: int = 100) -> list[str]:
    return ["/bad" if number % good == 50 else "/good" for number in range(bad * good)]


@pytest.mark.usefixtures("sparse")
def test_lines_with_a_word_are_found_among_many() -> None:
    twins = Twins(program(jail(BAD, dates=APACHE)))
    assert [50, 150, 250] == [hit.line for hit in twins.read(access(*some(3)))]


@pytest.mark.parametrize("hour", [0, 4, 9, 13, 19, 20, 23])
@pytest.mark.usefixtures("sparse")
def test_every_hour_of_the_day_is_a_date(hour: int) -> None:
    twins = Twins(program(jail(BAD, dates=APACHE)))
    lines = [*access(*some(1)), *access(*some(1), hour=hour), *access(*some(1), day="31/Dec/2025", hour=hour)]
    assert 3 == len(twins.read(lines))


@pytest.mark.parametrize(
    "odd",
    [
        "no date, /bad",
        '192.0.2.1 - - [30/Feb/2026:10:00:00 +0000] "GET /bad HTTP/1.1" 404',
        '192.0.2.1 - - [30/Feb/2026:10:00:00 +0000] "GET /good HTTP/1.1" 404',
        "2026-01-01 10:00:00 another template /bad",
        '192.0.2.1 - caf\xe9 [01/Jan/2026:10:00:00 +0000] "GET /bad HTTP/1.1" 200',
        '192.0.2.1 - - [01/Jan/2026:10:00:00 +0000] "GET /bad HTTP/1.1" 200\r',
        "",
    ],
)
@pytest.mark.parametrize("place", [40, 120, 199])
@pytest.mark.usefixtures("sparse")
def test_odd_lines_in_between_are_judged_one_by_one(odd: str, place: int) -> None:
    lines = access(*some(2))
    lines.insert(place, odd)
    lines.append(odd)
    for mode in (Mode.REPLAY, Mode.TRIAL, Mode.BACKLOG):
        Twins(program(jail(BAD, dates=APACHE)), mode).read_parts(lines, 150)


@pytest.mark.usefixtures("sparse")
def test_a_log_without_dates_is_searched_too() -> None:
    twins = Twins(program(jail(rf"^{IP4} /bad")), Mode.TRIAL)
    lines = [f"192.0.2.{n % 250} {path}" for n, path in enumerate(some(3))]
    assert 3 == len(twins.read(lines))
    twins.read([*lines, "2026-01-01 10:00:00 192.0.2.1 /bad", *lines])


def test_a_word_that_the_date_would_tear_apart_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    twins = Twins(program(jail(rf'- \[\] "GET /bad|- \[\] {IP4}', r'\[\] "GET /(?P<ip4>\d+)x', dates=APACHE)))
    lines = access(*(["/good"] * 99), "/7x")
    assert [] == [hit.line for hit in twins.read(lines) if hit.rule == 0]


@pytest.mark.usefixtures("sparse")
def test_several_jails_share_a_page() -> None:
    jails = [jail(BAD.replace("bad", word), name=word, dates=APACHE) for word in ("bad", "evil", "worse")]
    paths = [{20: "/evil", 50: "/bad", 70: "/worse"}.get(n % 100, "/good") for n in range(300)]
    found = Twins(program(*jails)).read(access(*paths))
    assert ["evil", "bad", "worse"] * 3 == [hit.jail for hit in found]


@pytest.mark.usefixtures("sparse")
def test_many_lines_with_a_word_are_all_looked_at() -> None:
    twins = Twins(program(jail(BAD, dates=APACHE)))
    twins.read(access(*some(1)))
    assert 100 == len(twins.read(access(*(["/bad"] * 100))))


def test_an_expression_without_words_makes_all_lines_matter() -> None:
    scanner = SparseScanner(rules(rf"^ {IP4}$", r"a?(?P<dns>\w)"))
    assert not scanner.settle() or scanner.words(Page(b"")) is None


def test_words_are_those_that_are_rare_in_the_log() -> None:
    scanner = SparseScanner(rules(rf"^ common (?:rare|seldom) {IP4}$"))
    scanner.scan_page(Page(b"2026-01-01 11:00:00 common thing\n"), Mode.REPLAY, NOON, [])
    assert scanner.settle()
    assert frozenset({"common rare ", "common seldom "}) == scanner.words(Page(b"common\n" * 9))


def test_nothing_is_done_with_lines_whose_dates_have_not_settled() -> None:
    scanner = SparseScanner(rules(rf"^ bad {IP4}$"))
    assert scanner.scan_lines(Page(block(["x"]).block), [0], Mode.REPLAY, NOON, []) is None
