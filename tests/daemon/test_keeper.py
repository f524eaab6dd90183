"""A store that refuses loses nothing of what it is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from banish.adapters.store.memory import MemoryStore
from banish.core.errors import StoreError
from banish.core.model import (
    NEVER,
    Ban,
    Cursor,
    Evidence,
    Exemption,
    Instant,
    Note,
    Place,
    Save,
    Seconds,
    Subject,
    Topic,
)
from banish.daemon import keeper as module
from banish.daemon.keeper import PAUSE, Keeper

ANNA, BERT = Subject("192.0.2.1"), Subject("192.0.2.2")
PLACE = Place("sshd", ANNA)


class Disk(MemoryStore):
    """A store in memory that takes nothing while it is full."""

    def __init__(self) -> None:
        super().__init__(Instant(0), purge_age=Seconds(1e9))
        self.is_full = False
        self.attempts = 0

    def save(self, wish: Save, now: Instant) -> Callable[[], None] | None:
        self.attempts += 1
        if self.is_full:
            raise StoreError("/var/lib/banish: no space left on device")
        return super().save(wish, now)


class Log:
    """A log that keeps its notes."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def note(self, *notes: Note) -> None:
        self.notes += notes


class Desk:
    """A keeper with its disk and its log."""

    def __init__(self) -> None:
        self.disk, self.log = Disk(), Log()
        self.keeper = Keeper(self.disk, self.log)

    def save(self, wish: Save, at: float = 0) -> None:
        self.keeper.add(wish)
        self.keeper.write(Instant(at))

    def bans(self, now: float = 0) -> dict[tuple[str, str], float]:
        return dict(self.disk.ends(Instant(now)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Return a desk whose disk has just refused something."""
    desk.disk.is_full = True
    desk.save(Save(cursors=(Cursor("log", "0"),)))
    return desk


def recovered(desk: Desk) -> Desk:
    desk.disk.is_full = False
    assert desk.keeper.flush(Instant(9))
    return desk


def ban(subject: Subject = ANNA, at: float = 0, until: float = 600) -> Ban:
    return Ban("sshd", subject, Instant(at), Instant(until))


def test_a_store_without_trouble_gets_every_wish_at_once(desk: Desk) -> None:
    desk.save(Save((ban(),)))
    assert {PLACE: 600} == desk.bans()
    assert not desk.keeper.is_behind
    assert [] == desk.log.notes


def test_trouble_is_told_once_and_so_is_its_end(desk: Desk) -> None:
    desk.disk.is_full = True
    for at in range(20):
        desk.save(Save((ban(),)), at)
    assert desk.keeper.is_behind
    desk.disk.is_full = False
    desk.save(Save(), 20)
    assert not desk.keeper.is_behind
    assert [Topic.TROUBLE] * 2 == [note.topic for note in desk.log.notes]
    first, last = (note.text for note in desk.log.notes)
    assert first.startswith("/var/lib/banish: no space left on device; bans go on and are kept in memory")
    assert "the state is written again, nothing was lost" == last


def test_while_in_trouble_the_store_is_left_alone_between_attempts(full: Desk) -> None:
    for at in (1, 2, 4.9):
        full.save(Save((ban(),)), at)
        full.keeper.write(Instant(at))
    assert 1 == full.disk.attempts
    full.keeper.write(Instant(PAUSE))
    assert 2 == full.disk.attempts
    full.save(Save(), PAUSE + 1)
    assert 2 == full.disk.attempts


def test_without_trouble_there_is_nothing_to_retry(desk: Desk) -> None:
    desk.keeper.write(Instant(100))
    assert desk.keeper.flush(Instant(100))
    assert 0 == desk.disk.attempts


def test_everything_kept_is_saved_when_the_trouble_is_over(full: Desk) -> None:
    full.save(Save((ban(),), cursors=(Cursor("log", "1"), Cursor("other", "7"))))
    full.save(Save((ban(BERT),), cursors=(Cursor("log", "2"),), exemptions=(Exemption(BERT),)))
    assert {} == full.bans()
    recovered(full)
    assert {PLACE: 600, Place("sshd", BERT): 600} == full.bans()
    assert {"log": Cursor("log", "2"), "other": Cursor("other", "7")} == full.disk.cursors()
    assert [Exemption(BERT)] == list(full.disk.exemptions(Instant(0)))


def test_evidence_is_kept(full: Desk) -> None:
    evidence = (Evidence(Instant(0), 1, ("a line",)),)
    full.save(Save((replace(ban(), evidence=evidence),)))
    recovered(full)
    assert [evidence] == [each.evidence for each in full.disk.history(ANNA, 9)]


def test_a_new_end_goes_to_the_ban_that_is_kept_or_to_the_one_that_is_saved(desk: Desk) -> None:
    desk.save(Save((ban(BERT),)))
    desk.disk.is_full = True
    desk.save(Save((ban(),)))
    desk.save(Save(extended=((PLACE, Instant(900)), (Place("sshd", BERT), Instant(800)))))
    recovered(desk)
    assert {PLACE: 900, Place("sshd", BERT): 800} == desk.bans()


def test_a_released_ban_does_not_come_back(desk: Desk) -> None:
    desk.save(Save((ban(BERT),)))
    desk.disk.is_full = True
    desk.save(Save((ban(),)))
    desk.save(Save(extended=((Place("sshd", BERT), Instant(900)),)))
    desk.save(Save(released=(PLACE, Place("sshd", BERT))))
    recovered(desk)
    assert {} == desk.bans(9)


def test_what_was_kept_once_is_not_saved_twice(full: Desk) -> None:
    full.save(Save((ban(),)))
    recovered(full).save(Save(released=(PLACE,)), 9)
    full.disk.is_full = True
    full.save(Save(cursors=(Cursor("log", "1"),)), 9)
    recovered(full)
    assert {} == full.bans(9)
    assert 1 == len(full.disk.history(ANNA, 9))


def test_whoever_is_banned_after_a_release_is_banned(desk: Desk) -> None:
    desk.save(Save((ban(),)))
    desk.disk.is_full = True
    desk.save(Save(released=(PLACE,)), 1)
    desk.save(Save((ban(at=2, until=50),)), 2)
    recovered(desk)
    assert {PLACE: 50} == desk.bans(9)


def test_an_old_end_does_not_move_a_new_ban(desk: Desk) -> None:
    desk.save(Save((ban(until=3),)))
    desk.disk.is_full = True
    desk.save(Save(extended=((PLACE, Instant(4)),)), 2)
    desk.save(Save((ban(at=5),)), 5)
    recovered(desk)
    assert {PLACE: 600} == desk.bans(9)


def test_the_last_word_about_an_exemption_holds(desk: Desk) -> None:
    desk.save(Save(exemptions=(Exemption(ANNA),)))
    desk.disk.is_full = True
    desk.save(Save(unexempted=(ANNA,), exemptions=(Exemption(BERT),)))
    desk.save(Save(unexempted=(BERT,)))
    recovered(desk)
    assert [] == list(desk.disk.exemptions(Instant(0)))
    desk.disk.is_full = True
    desk.save(Save(unexempted=(BERT,)))
    desk.save(Save(exemptions=(Exemption(BERT),)))
    recovered(desk)
    assert [Exemption(BERT)] == list(desk.disk.exemptions(Instant(0)))


def test_beyond_a_cap_evidence_is_given_up_and_then_the_oldest_ban(
    full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVIDENCE_CAP", 1)
    monkeypatch.setattr(module, "CAP", 2)
    names = [Subject(f"10.0.0.{number}") for number in range(4)]
    for name in (*names, names[3]):
        full.save(Save((replace(ban(name), evidence=(Evidence(Instant(0), 0, ("a line",)),)),)))
    recovered(full)
    assert {Place("sshd", name) for name in names[2:]} == full.bans().keys()
    assert [()] == [each.evidence for each in full.disk.history(names[3], 9)]
    assert "the state is written again, 2 bans were too many to keep" == full.log.notes[-1].text
    full.disk.is_full = True
    full.save(Save(cursors=(Cursor("log", "1"),)))
    recovered(full)
    assert "the state is written again, nothing was lost" == full.log.notes[-1].text


def test_many_bans_are_saved_a_few_at_a_time_and_then_all_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_A_TIME", 2)
    names = [Subject(f"10.0.0.{number}") for number in range(5)]
    desk.keeper.add(Save(tuple(map(ban, names)), cursors=(Cursor("log", "1"),)))
    for saved in (2, 4):
        assert not desk.keeper.write(Instant(0))
        assert {Place("sshd", name) for name in names[:saved]} == desk.bans().keys()
        assert {} == desk.disk.cursors()
    assert desk.keeper.write(Instant(0))
    assert {Place("sshd", name) for name in names} == desk.bans().keys()
    assert ["log"] == list(desk.disk.cursors())


def test_what_is_read_is_up_to_date(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_A_TIME", 1)
    desk.keeper.add(Save((ban(), ban(BERT))))
    assert [ANNA, BERT] == [each.subject for each in desk.keeper.written(Instant(0)).bans(Instant(0))]


def test_of_a_flood_that_the_store_refuses_the_evidence_beyond_the_cap_is_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVIDENCE_CAP", 1)
    proof = (Evidence(Instant(0), 0, ("a line",)),)
    desk.keeper.add(Save(tuple(replace(ban(name), evidence=proof) for name in (ANNA, BERT))))
    desk.disk.is_full = True
    assert desk.keeper.write(Instant(0))
    recovered(desk)
    assert [proof, ()] == [desk.disk.history(name, 1)[0].evidence for name in (ANNA, BERT)]


@pytest.mark.parametrize("seed", range(20))
def test_after_any_trouble_the_state_is_as_if_there_had_been_none(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_A_TIME", 1)
    draw = random.Random(seed)
    calm, rough = Desk(), Desk()
    for at in range(60):
        rough.disk.is_full = draw.random() < 0.7
        who = draw.choice([ANNA, BERT])
        place = Place("sshd", who)
        wishes = [
            Save((ban(who, at, at + 100),)),
            Save(released=(place,)),
            Save(exemptions=(Exemption(who, NEVER, str(at)),)),
            Save(unexempted=(who,)),
            Save(cursors=(Cursor("log", str(at)),)),
        ]
        if place in calm.bans(at):
            wishes.append(Save(extended=((place, Instant(at + 200)),)))
        wish = draw.choice(wishes)
        calm.save(wish, at)
        rough.keeper.add(wish)
        if draw.random() < 0.5:  # otherwise it is saved with others
            rough.keeper.write(Instant(at))
    rough.disk.is_full = False
    rough.keeper.flush(Instant(60))
    assert calm.bans(60) == rough.bans(60)
    assert calm.disk.cursors() == rough.disk.cursors()
    assert list(calm.disk.exemptions(Instant(60))) == list(rough.disk.exemptions(Instant(60)))
