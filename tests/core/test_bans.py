"""Bans by subject and by end, held against a plain dictionary."""

from __future__ import annotations

import random

import pytest

from banish.core.bans import Bans
from banish.core.model import NEVER, Instant, Subject

ANNA, BERT, CARL = Subject("192.0.2.1"), Subject("192.0.2.2"), Subject("192.0.2.3")


def test_a_ban_is_there_until_its_time_is_over() -> None:
    bans = Bans()
    bans.put(ANNA, Instant(100.5))
    assert Instant(100.5) == bans.until(ANNA)
    assert ANNA in bans
    assert Instant(101) == bans.next_end()
    assert [] == bans.due(Instant(100.9))
    assert [ANNA] == bans.due(Instant(101))
    assert ANNA not in bans
    assert NEVER == bans.next_end()


def test_a_ban_that_ends_with_a_second_ends_on_time() -> None:
    bans = Bans()
    bans.put(ANNA, Instant(100))
    assert [] == bans.due(Instant(99.9))
    assert [ANNA] == bans.due(Instant(100))


def test_bans_end_in_the_order_of_their_ends() -> None:
    bans = Bans()
    for subject, until in ((ANNA, 30), (BERT, 10), (CARL, 20)):
        bans.put(subject, Instant(until))
    bans.put(BERT, Instant(25))
    assert [CARL, BERT, ANNA] == bans.due(Instant(1000))


def test_a_ban_for_good_never_ends() -> None:
    bans = Bans()
    bans.put(ANNA, NEVER)
    assert NEVER == bans.next_end()
    assert [] == bans.due(Instant(1e12))
    assert [(ANNA, NEVER)] == list(bans)


def test_a_ban_that_becomes_one_for_good_does_not_end() -> None:
    bans = Bans()
    bans.put(ANNA, Instant(10))
    bans.put(ANNA, NEVER)
    assert [] == bans.due(Instant(1000))
    assert NEVER == bans.next_end()
    bans.put(ANNA, Instant(2000))
    assert [ANNA] == bans.due(Instant(2001))


def test_a_dropped_ban_does_not_end_again() -> None:
    bans = Bans()
    bans.put(ANNA, Instant(10))
    assert bans.drop(ANNA)
    assert not bans.drop(ANNA)
    assert bans.until(ANNA) is None
    assert [] == bans.due(Instant(1000))


def test_prolonging_a_ban_takes_no_memory() -> None:
    bans = Bans()
    for until in range(1000):
        bans.put(ANNA, Instant(until))
    assert 1 == sum(len(due) for due in bans._agenda.values())


def test_a_ban_of_a_network_covers_who_is_in_it() -> None:
    bans = Bans()
    wide, narrow = Subject("192.0.0.0/16"), Subject("192.0.2.0/24")
    bans.put(wide, Instant(10))
    bans.put(narrow, Instant(20))
    bans.put(ANNA, Instant(30))
    assert (ANNA, Instant(30)) == bans.covering(ANNA)
    assert (narrow, Instant(20)) == bans.covering(BERT)
    bans.drop(narrow)
    assert (wide, Instant(10)) == bans.covering(BERT)
    assert [wide] == bans.due(Instant(11))
    assert bans.covering(BERT) is None


def test_a_text_that_only_looks_like_a_network_covers_nobody() -> None:
    bans = Bans()
    bans.put(Subject("192.0.2.9/24"), NEVER)  # an identifier as it was found; `usedns = raw` parses nothing
    assert bans.covering(ANNA) is None


@pytest.mark.parametrize("seed", range(50))
def test_bans_agree_with_a_plain_dictionary(seed: int) -> None:
    draw = random.Random(seed)
    fast, slow = Bans(), dict[Subject, Instant]()
    clock = 0
    for _ in range(200):
        subject = draw.choice([ANNA, BERT, CARL])
        match draw.randint(0, 3):
            case 0:
                clock += draw.randint(0, 4)
                over = {who for who, until in slow.items() if until < clock}
                ended = fast.due(Instant(clock))
                assert over == set(ended)
                assert len(over) == len(ended)
                assert sorted(int(slow[who]) for who in ended) == [int(slow[who]) for who in ended]
                for who in ended:
                    del slow[who]
            case 1:
                assert (slow.pop(subject, None) is not None) == fast.drop(subject)
            case _:
                until = draw.choice([NEVER, *(Instant(clock + more + 0.5) for more in range(8))])
                slow[subject] = until
                fast.put(subject, until)
        assert slow == dict(fast)
        assert len(slow) == len(fast)
        assert all(until == NEVER or fast.next_end() <= int(until) + 1 for until in slow.values())
