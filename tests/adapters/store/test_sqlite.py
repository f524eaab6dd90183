"""The conformance suite of the port `Store`, on the file and in memory, and what only a file can do."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import PAGE_ROWS, SqliteStore
from banish.core.errors import StoreError
from banish.core.model import (
    NEVER,
    Ban,
    Cursor,
    Evidence,
    Exemption,
    Instant,
    Offender,
    Origin,
    Place,
    Save,
    Seconds,
    Subject,
)

NOW = Instant(1_700_000_000.25)
DAY = 86_400.0
NASTY = "a\x00b \ud800 \udcff \U0001f600 ' \" ; -- \n"


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    made = MemoryStore(NOW) if request.param == "memory" else SqliteStore(tmp_path / "s" / "b.sqlite3", NOW)
    yield made
    made.close()


def at(seconds: float) -> Instant:
    return Instant(NOW + seconds)


def ban(subject: str = "192.0.2.7", *, jail: str = "sshd", start: float = 0, seconds: float = 600) -> Ban:
    return Ban(jail, Subject(subject), at(start), at(start + seconds), failures=5)


def place(subject: str = "192.0.2.7", jail: str = "sshd") -> Place:
    return Place(jail, Subject(subject))


# ------------------------------------------------------------------------------------------------- bans


def test_a_new_store_is_empty(store: SqliteStore) -> None:
    assert list(store.bans(NOW)) == []
    assert list(store.offenders(10)) == []
    assert store.cursors() == {}
    assert list(store.exemptions(NOW)) == []
    assert store.history(Subject("192.0.2.7"), 10) == []


def test_a_saved_ban_comes_back_as_it_was(store: SqliteStore) -> None:
    saved = replace(ban(), until=NEVER, count=7, origin=Origin.PERSON, reason=NASTY)
    store.save(Save(bans=(saved,)), NOW)
    assert [saved] == list(store.bans(NOW))


def test_bans_in_force_come_oldest_first_without_evidence(store: SqliteStore) -> None:
    late = ban("192.0.2.1", start=5)
    early = ban("2001:db8::1", start=-5)
    seen = (Evidence(at(-6), 1, ("line",)),)
    store.save(Save(bans=(late, replace(early, evidence=seen))), NOW)
    assert [early, late] == list(store.bans(NOW))


def test_a_start_takes_up_ends_offenders_and_exemptions(store: SqliteStore) -> None:
    exemption = Exemption(Subject("198.51.100.0/24"))
    many = tuple(
        ban(f"192.0.2.{number % 256}", jail=f"jail{number // 256}") for number in range(PAGE_ROWS + 1)
    )
    store.save(Save(bans=many, exemptions=(exemption,)), NOW)
    memory = store.load(NOW)
    assert {each.place: each.until for each in many} == dict(memory.bans)
    assert len(many) == len(list(memory.offenders))
    assert [exemption] == list(memory.exemptions)
    assert [] == list(store.load(NEVER).bans)


def test_a_ban_is_over_at_its_very_end(store: SqliteStore) -> None:
    store.save(Save(bans=(ban(seconds=600),)), NOW)
    assert [ban()] == list(store.bans(at(599.75)))
    assert list(store.bans(at(600))) == []


def test_the_same_subject_may_be_banned_in_two_jails(store: SqliteStore) -> None:
    both = ban(jail="nginx"), ban(jail="sshd")
    store.save(Save(bans=both), NOW)
    assert {*both} == {*store.bans(NOW)}


def test_a_new_ban_takes_over_from_one_in_force(store: SqliteStore) -> None:
    first, second = ban(seconds=600), ban(start=60, seconds=6000)
    store.save(Save(bans=(first,)), NOW)
    store.save(Save(bans=(second,)), at(60))
    assert [second] == list(store.bans(at(60)))
    assert [second, replace(first, until=at(60))] == store.history(first.subject, 10)


def test_of_several_bans_of_a_place_in_one_wish_each_takes_over_from_the_one_before(
    store: SqliteStore,
) -> None:
    def proven(start: float) -> Ban:
        return replace(ban(start=start, seconds=6000), evidence=(Evidence(at(start), 0, (f"line {start}",)),))

    other, bans = ban("192.0.2.8"), [proven(start) for start in (0, 60, 120)]
    store.save(Save(bans=(bans[0], other, *bans[1:])), at(120))
    assert [replace(bans[2], evidence=()), other] == sorted(store.bans(at(120)), key=lambda each: -each.at)
    wanted = [bans[2], replace(bans[1], until=at(120)), replace(bans[0], until=at(60))]
    assert wanted == store.history(bans[0].subject, 10)


def test_the_evidence_of_a_ban_saved_again_is_kept_once(store: SqliteStore) -> None:
    for line in ("before", "after"):
        store.save(Save(bans=(replace(ban(), evidence=(Evidence(NOW, 0, (line,)),)),)), NOW)
    [kept] = store.history(ban().subject, 10)
    assert [("after",)] == [each.lines for each in kept.evidence]
    with store._database.reading() as db:
        assert (1,) == db.execute("SELECT count(*) FROM evidence").fetchone()


def test_the_same_ban_saved_again_is_kept_once(store: SqliteStore) -> None:
    store.save(Save(bans=(ban(),)), NOW)
    again = replace(ban(seconds=6000), failures=9)
    store.save(Save(bans=(again,)), NOW)
    assert [again] == store.history(again.subject, 10)


def test_an_extended_ban_ends_later(store: SqliteStore) -> None:
    store.save(Save(bans=(ban(start=-DAY), ban())), NOW)
    store.save(Save(extended=((place(), at(6000)), (place("192.0.2.99"), at(6000)))), at(1))
    assert [ban(seconds=6000)] == list(store.bans(at(1)))
    assert [ban(seconds=6000), ban(start=-DAY)] == store.history(Subject("192.0.2.7"), 10)


def test_a_released_subject_is_free_forgiven_and_in_the_history(store: SqliteStore) -> None:
    store.save(Save(bans=(ban(), ban(jail="nginx"))), NOW)
    store.save(Save(released=(place(), place("192.0.2.99"))), at(60))
    assert [ban(jail="nginx")] == list(store.bans(at(60)))
    assert [offender.jail for offender in store.offenders(10)] == ["nginx"]
    assert ban(seconds=60) in store.history(Subject("192.0.2.7"), 10)


def test_the_history_shows_the_latest_first_and_no_more_than_asked(store: SqliteStore) -> None:
    bans = [ban(start=1000 * n) for n in range(5)]
    for each in bans:
        store.save(Save(bans=(each,)), NOW)
    assert bans[:2:-1] == store.history(Subject("192.0.2.7"), 2)


@pytest.mark.parametrize(
    "subject",
    ["192.0.2.7", "192.0.2.0/24", "2001:db8::7", "2001:db8::/64", "name.example", "", "t", "1.2.3", NASTY],
)
def test_any_subject_survives(store: SqliteStore, subject: str) -> None:
    store.save(Save(bans=(ban(subject, jail=NASTY),)), NOW)
    assert [ban(subject, jail=NASTY)] == list(store.bans(NOW))
    assert [ban(subject, jail=NASTY)] == store.history(Subject(subject), 1)


def test_more_bans_than_a_page_are_all_streamed_once(store: SqliteStore) -> None:
    rng = random.Random(7)
    numbers = range(2 * PAGE_ROWS + 1)
    bans = [ban(f"10.{n >> 8}.{n & 255}.1", start=-rng.randrange(5)) for n in numbers]
    store.save(Save(bans=tuple(bans)), NOW)
    found = list(store.bans(NOW))
    assert {*bans} == {*found}
    assert len(bans) == len(found)
    assert sorted(each.at for each in bans) == [each.at for each in found]


def test_saving_goes_on_while_bans_are_streamed(store: SqliteStore) -> None:
    store.save(Save(bans=tuple(ban(f"10.0.{n >> 8}.{n & 255}") for n in range(PAGE_ROWS + 1))), NOW)
    stream = store.bans(NOW)
    next(stream)
    store.save(Save(bans=(ban("192.0.2.7", start=1),)), at(1))
    assert ban("192.0.2.7", start=1) in list(stream)


# --------------------------------------------------------------------------------------------- evidence


def test_evidence_comes_back_as_it_was(store: SqliteStore) -> None:
    seen = tuple(Evidence(at(n / 3), n, (f"line {n} {NASTY}", "")) for n in range(3))
    store.save(Save(bans=(replace(ban(), evidence=seen),)), NOW)
    assert seen == store.history(Subject("192.0.2.7"), 1)[0].evidence


def test_only_the_last_failures_are_kept_as_evidence(store: SqliteStore) -> None:
    seen = tuple(Evidence(at(n), 0, (str(n),)) for n in range(30))
    store.save(Save(bans=(replace(ban(), evidence=seen),)), NOW)
    assert seen[-10:] == store.history(Subject("192.0.2.7"), 1)[0].evidence


def test_the_oldest_evidence_goes_when_there_is_too_much(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "b.sqlite3", NOW, evidence_bytes=3000)
    rng = random.Random(3)
    for n in range(10):
        seen = (Evidence(at(n), 0, (rng.randbytes(500).hex(),)),)
        store.save(Save(bans=(replace(ban(f"192.0.2.{n}"), evidence=seen),)), NOW)
    left = [bool(store.history(Subject(f"192.0.2.{n}"), 1)[0].evidence) for n in range(10)]
    assert left == sorted(left)
    assert 4 <= sum(left) <= 6
    store.close()


# ------------------------------------------------------------------------------------------ the small ones


def test_offenders_come_latest_first_with_their_last_count(store: SqliteStore) -> None:
    store.save(Save(bans=(ban("192.0.2.1"), ban("192.0.2.2", start=5))), NOW)
    store.save(Save(bans=(replace(ban("192.0.2.1", start=1000), count=2),)), at(1000))
    first = Offender("sshd", Subject("192.0.2.1"), 2, at(1000))
    assert [first, Offender("sshd", Subject("192.0.2.2"), 1, at(5))] == list(store.offenders(10))
    assert [first] == list(store.offenders(1))


def test_an_older_ban_does_not_turn_an_offender_back(store: SqliteStore) -> None:
    store.save(Save(bans=(replace(ban(), count=3), replace(ban(start=-DAY), count=2))), NOW)
    assert [Offender("sshd", Subject("192.0.2.7"), 3, NOW)] == list(store.offenders(10))


def test_cursors_are_replaced_by_source(store: SqliteStore) -> None:
    store.save(Save(cursors=(Cursor(NASTY, "1"), Cursor("b", "1"))), NOW)
    store.save(Save(cursors=(Cursor(NASTY, NASTY),)), NOW)
    assert {NASTY: Cursor(NASTY, NASTY), "b": Cursor("b", "1")} == store.cursors()


def test_exemptions_last_until_their_end_or_until_they_are_taken_back(store: SqliteStore) -> None:
    short = Exemption(Subject("192.0.2.0/24"), at(10), NASTY)
    ever = Exemption(Subject("192.0.2.9"))
    store.save(Save(exemptions=(ever, short)), NOW)
    assert [short, ever] == list(store.exemptions(NOW))
    assert [ever] == list(store.exemptions(at(10)))
    store.save(Save(unexempted=(ever.subject, Subject("unknown"))), at(20))
    assert list(store.exemptions(at(20))) == []


# ---------------------------------------------------------------------------------------- all or nothing


def test_a_wish_that_fails_half_way_leaves_nothing(store: SqliteStore) -> None:
    store.save(Save(bans=(ban(),)), NOW)
    broken = replace(ban("192.0.2.8", jail="new"), until=Instant(float("nan")))
    with pytest.raises(StoreError, match="NOT NULL"):
        store.save(Save(bans=(ban("192.0.2.9", jail="new"), broken), cursors=(Cursor("a", "1"),)), NOW)
    assert [ban()] == list(store.bans(NOW))
    assert store.cursors() == {}
    store.save(Save(bans=(ban("192.0.2.9", jail="new"),)), NOW)
    assert {ban(), ban("192.0.2.9", jail="new")} == {*store.bans(NOW)}


def test_after_close_everything_is_a_store_error(store: SqliteStore) -> None:
    store.close()
    store.close()
    uses: list[Callable[[], object]] = [
        lambda: store.save(Save(), NOW),
        lambda: list(store.bans(NOW)),
        lambda: list(store.offenders(1)),
        store.cursors,
        lambda: store.exemptions(NOW),
        lambda: store.history(Subject("x"), 1),
    ]
    for use in uses:
        with pytest.raises(StoreError, match="closed"):
            use()


@pytest.mark.slow
def test_the_store_agrees_with_a_plain_dictionary() -> None:
    rng = random.Random(11)
    store = MemoryStore(NOW)
    twin: dict[Place, Ban] = {}
    for step in range(400):
        now = at(step)
        who = place(f"192.0.2.{rng.randrange(8)}", rng.choice(["sshd", "nginx"]))
        match rng.randrange(4):
            case 0 | 1:
                made = ban(who.subject, jail=who.jail, start=step, seconds=rng.choice([5, 60, 1e9]))
                store.save(Save(bans=(made,)), now)
                twin[who] = made
            case 2:
                store.save(Save(released=(who,)), now)
                twin.pop(who, None)
            case _:
                if who in twin and twin[who].until > now:
                    twin[who] = replace(twin[who], until=Instant(twin[who].until + 30))
                    store.save(Save(extended=((who, twin[who].until),)), now)
        expected = sorted((b for b in twin.values() if b.until > now), key=lambda b: (b.at, b.until))
        assert expected == sorted(store.bans(now), key=lambda b: (b.at, b.until))
    store.close()


# ------------------------------------------------------------------------------------------ only on disk


def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite3"
    wish = Save(bans=(ban(),), cursors=(Cursor("a", "1"),), exemptions=(Exemption(Subject("192.0.2.9")),))
    first = SqliteStore(path, NOW)
    first.save(wish, NOW)
    first.close()
    second = SqliteStore(path, NOW)
    assert [ban()] == list(second.bans(NOW))
    assert {"a": Cursor("a", "1")} == second.cursors()
    assert [Exemption(Subject("192.0.2.9"))] == list(second.exemptions(NOW))
    assert second.was_clean
    assert second.recovered is None
    second.close()


SAVING = """
import sys
from pathlib import Path
from banish.adapters.store.sqlite import SqliteStore
from banish.core.model import Ban, Cursor, Instant, Save, Subject
store = SqliteStore(Path(sys.argv[1]), Instant(0))
for n in range(10**9):
    subject = Subject(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    ban = Ban("sshd", subject, Instant(n), Instant(1e9))
    store.save(Save((ban,), cursors=(Cursor("a", str(n)),)), Instant(n))
    print(n, flush=True)
"""


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite3"
    with Popen([sys.executable, "-c", SAVING, str(path)], stdout=PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(500)]
        child.kill()
        with suppress(ValueError):  # a half written line
            acknowledged += [int(line) for line in child.stdout.read().splitlines()]
    store = SqliteStore(path, NOW)
    saved = [int(each.at) for each in store.bans(Instant(1e8))]
    assert not store.was_clean
    assert acknowledged == saved[: len(acknowledged)]
    assert len(saved) <= len(acknowledged) + 1
    assert str(saved[-1]) == store.cursors()["a"].position
    store.close()


def test_old_bans_are_forgotten_on_the_way(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "b.sqlite3", NOW, purge_age=Seconds(1000))
    store.save(Save(bans=(ban(), replace(ban("192.0.2.8"), until=NEVER))), NOW)
    store.save(Save(), at(1601))
    assert store.history(Subject("192.0.2.7"), 1) == []
    assert len(store.history(Subject("192.0.2.8"), 1)) == 1
    store.close()


def test_a_row_that_nobody_can_read_is_a_store_error(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "b.sqlite3", NOW)
    store.save(Save(bans=(ban(),)), NOW)
    with store._database.writing(NOW) as db:
        db.execute("UPDATE bans SET subject = x'ff'")
    with pytest.raises(StoreError, match="move the file away"):
        list(store.bans(NOW))
    store.close()


def test_bounds_can_be_changed_while_it_is_open(store: SqliteStore) -> None:
    proof = tuple(Evidence(Instant(NOW + number), 0, (str(number),)) for number in range(5))
    store.bound(Seconds(86_400), 2)
    store.save(Save(bans=(replace(ban(), evidence=proof),)), NOW)
    assert proof[-2:] == store.history(ban().subject, 1)[0].evidence
