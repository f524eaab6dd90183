"""Blocks in, hits out: in the order of lines, then of jails."""

from __future__ import annotations

import pytest
from tests.core.match.logs import IP4, NOON, Twins, block, everything_is_large, jail, program

from banish.core.expression import Expression
from banish.core.match import Mode, Scanner
from banish.core.model import Instant

LINE = "2026-01-01 11:00:00 bad 192.0.2.1"
TWO = program(jail(rf"bad {IP4}$", name="a"), jail(rf"bad {IP4}$", rf"^ (?P<word>bad) {IP4}$", name="b"))


def test_hits_come_by_lines_and_then_by_jails() -> None:
    found = Scanner(TWO, Mode.REPLAY).scan(block([LINE, "x", LINE]), ["b", "a"], NOON)
    assert [(0, "b"), (0, "a"), (2, "b"), (2, "a")] == [(hit.line, hit.jail) for hit in found.hits]


def test_a_large_first_block_is_numbered_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    lines = [LINE if number % 50 == 7 else "2026-01-01 11:00:00 good" for number in range(200)]
    assert [7, 57, 107, 157] == [hit.line for hit in Twins(program(jail(rf"bad {IP4}$"))).read(lines)]


def test_an_empty_block_has_nothing() -> None:
    assert [] == Scanner(TWO).scan(block([]), ["a"], NOON).hits


def test_without_a_mode_the_block_says_whether_it_is_live() -> None:
    scanner = Scanner(TWO)
    assert [] == scanner.scan(block([LINE]), ["a"], NOON).hits
    assert 1 == len(scanner.scan(block([LINE], live=True), ["a"], NOON).hits)


def test_an_expression_can_be_left_out() -> None:
    scanner = Scanner(TWO, Mode.REPLAY, frozenset({Expression("b", "failregex", 0)}))
    (hit,) = scanner.scan(block([LINE]), ["b"], NOON).hits
    assert 1 == hit.rule


def test_who_watches_is_told_of_every_attempt() -> None:
    told: list[tuple[int, Expression]] = []
    scanner = Scanner(TWO, Mode.REPLAY, watch=lambda line, what: told.append((line, what)))
    scanner.scan(block([LINE]), ["a"], NOON)
    assert [(0, Expression("a", "datepattern", 0)), (0, Expression("a", "failregex", 0))] == told


def test_fields_are_told_only_where_they_are_wanted() -> None:
    (hit,) = Scanner(TWO, Mode.REPLAY, tells_all=False).scan(block([LINE]), ["a"], NOON).hits
    assert {} == hit.fields
    (hit,) = Scanner(TWO, Mode.REPLAY).scan(block([LINE]), ["a"], NOON).hits
    assert {"ip4": "192.0.2.1"} == hit.fields


def test_a_date_can_be_asked_for_without_learning_from_it() -> None:
    assert Instant(NOON - 3600) == Scanner(TWO).date_of(LINE.encode(), "a", NOON)
