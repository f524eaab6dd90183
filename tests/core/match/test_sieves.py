"""Who has lines searched for by words: those for whom it pays, for as long as it does."""

from __future__ import annotations

import pytest
from tests.core.match.logs import IP4, NOON, everything_is_large, jail, program

from banish.core.match import Mode
from banish.core.match.page import Page
from banish.core.match.sieves import Sieves
from banish.core.match.sparse import SparseScanner

GOOD, BAD = b"2026-01-01 11:00:00 good\n", b"2026-01-01 11:00:00 bad 192.0.2.1\n"


def scanner(name: str = "j", failure: str = rf"bad {IP4}$") -> SparseScanner:
    made = SparseScanner(program(jail(failure, name=name)).jails[0])
    made.scan_page(Page(GOOD), Mode.REPLAY, NOON, [])
    return made


def test_a_small_block_is_not_searched() -> None:
    assert {} == Sieves().lines(Page(GOOD + BAD), [scanner()])


def test_lines_are_told_by_where_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    assert {"j": [9 * len(GOOD)]} == Sieves().lines(Page(GOOD * 9 + BAD), [scanner()])


def test_without_jails_or_words_there_is_nothing_to_search(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    page = Page(GOOD * 9)
    assert {} == Sieves().lines(page, [])
    assert {} == Sieves().lines(page, [scanner(failure=rf"^ {IP4}$")])


def test_a_crowded_jail_is_left_out_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    monkeypatch.setattr("banish.core.match.sieves._PATIENCE", 3)
    sieves, jails = Sieves(), [scanner()]
    crowd, calm = Page(BAD * 20), Page(GOOD * 20)
    assert {"j": None} == sieves.lines(crowd, jails)
    assert {} == sieves.lines(calm, jails)
    assert {} == sieves.lines(calm, jails)
    assert {"j": []} == sieves.lines(calm, jails)


def test_only_so_many_sets_of_jails_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    everything_is_large(monkeypatch)
    monkeypatch.setattr("banish.core.match.sieves._MOST", 1)
    sieves, page = Sieves(), Page(GOOD * 9)
    assert [{"a": []}, {"b": []}, {"a": []}] == [sieves.lines(page, [scanner(name)]) for name in "aba"]
