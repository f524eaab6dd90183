"""What is looked up for an action: only what its commands want to know."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from banish.adapters.scripts.briefing import Archive, brief
from banish.compat.bantags import Event
from banish.core.jail import JailStatus
from banish.core.model import Ban, Evidence, Instant, Subject

WHO = Subject("192.0.2.1")
BARE = Ban("j", WHO, Instant(100), Instant(700), 3)
FULL = replace(BARE, evidence=(Evidence(Instant(99), 0, ("a line",)),), fields={"user": "root"})
OLD = Ban("other", WHO, Instant(50), Instant(60), 2)


class Library:
    """An archive that remembers what it was asked."""

    def __init__(self, *bans: Ban) -> None:
        self.bans = bans
        self.asked: list[str] = []
        self.archive = Archive(self.history, self.status, 3)

    def history(self, subject: Subject) -> Sequence[Ban]:
        self.asked.append(subject)
        return self.bans

    def status(self, jail: str) -> JailStatus:
        self.asked.append(jail)
        return JailStatus(jail, 1, 2, 3, 4)


def briefed(event: Event, tags: Collection[str], library: Library) -> Event:
    return asyncio.run(brief(event, tags, library.archive))


@pytest.mark.parametrize("tags", [(), ("ip", "failures", "bantime"), ("matches", "F-USER")])
def test_nothing_is_looked_up_that_is_known(tags: Collection[str]) -> None:
    library = Library(FULL)
    assert Event(FULL) == briefed(Event(FULL), tags, library)
    assert [] == library.asked


@pytest.mark.parametrize("tag", ["ipmatches", "ipfailures", "ipjailmatches", "ipjailfailures"])
def test_earlier_bans_are_looked_up(tag: str) -> None:
    event = briefed(Event(FULL), (tag,), Library(FULL, OLD))
    assert (FULL, OLD) == event.past
    assert 3 == event.most_lines


def test_figures_are_looked_up() -> None:
    library = Library()
    assert "3" == briefed(Event(BARE), ("jail.banned",), library).value_of("jail.banned")
    assert ["j"] == library.asked


@pytest.mark.parametrize("tag", ["matches", "F-USER"])
def test_a_ban_of_an_earlier_life_gets_its_lines_back(tag: str) -> None:
    assert FULL == briefed(Event(BARE, is_restored=True), (tag,), Library(OLD, FULL)).ban


def test_who_has_another_name_gets_his_address_back() -> None:
    named = replace(BARE, subject=Subject("session 7"))
    told = replace(named, fields={"ip4": "192.0.2.9"})
    event = briefed(Event(named, is_restored=True), ("ip",), Library(told))
    assert ("192.0.2.9", "session 7") == (event.value_of("ip"), event.value_of("fid"))


def test_what_is_not_remembered_stays_away() -> None:
    assert BARE == briefed(Event(BARE, is_restored=True), ("matches",), Library(OLD)).ban


def test_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostbyaddr", lambda address: (f"host-of-{address}", [], []))
    assert "host-of-192.0.2.1" == briefed(Event(BARE), ("ip-host",), Library()).host
    assert "None" == briefed(Event(BARE), ("ip",), Library()).host


def test_an_address_without_a_name_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(_: str) -> None:
        raise OSError

    monkeypatch.setattr(socket, "gethostbyaddr", look_up)
    assert "None" == briefed(Event(BARE), ("ip-host",), Library()).host
