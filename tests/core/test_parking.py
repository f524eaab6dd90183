"""Failures that wait."""

from __future__ import annotations

from banish.core.model import Hit, Instant, Resolve, Subject
from banish.core.parking import Parking

NAME, OTHER = Resolve("a.example"), Resolve("b.example")


def hit(at: float) -> Hit:
    return Hit("sshd", Subject("a.example"), Instant(at), 0, is_name=True)


def test_a_question_is_asked_once_however_many_wait() -> None:
    parking = Parking()
    assert parking.park(NAME, hit(1))
    assert not parking.park(NAME, hit(2))
    assert parking.park(OTHER, hit(3))
    assert 3 == len(parking)


def test_those_who_waited_come_back_in_their_order_and_once() -> None:
    parking = Parking()
    parking.park(NAME, hit(1))
    parking.park(NAME, hit(2))
    assert [hit(1), hit(2)] == parking.take(NAME)
    assert [] == parking.take(NAME)
    assert 0 == len(parking)
    assert parking.park(NAME, hit(4))


def test_it_knows_when_it_is_full() -> None:
    parking = Parking(cap=1)
    assert not parking.is_full
    parking.park(NAME, hit(1))
    assert parking.is_full
    parking.take(NAME)
    assert not parking.is_full
