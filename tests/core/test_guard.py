"""The guard: who waits for it, and whom it finds."""

from __future__ import annotations

from banish.core.count import Count
from banish.core.guard import OPERATORS_CAP, Candidate, Guard, Reasons
from banish.core.model import Cursor, Instant, Subject

ANNA, BERT = Subject("192.0.2.1"), Subject("192.0.2.2")
DAY = 86400


def candidate(subject: Subject) -> Candidate:
    return Candidate("sshd", subject, Count(5, Instant(0), ()))


def test_one_look_serves_all_who_wait() -> None:
    guard = Guard()
    assert not guard.is_looking
    assert guard.wait(candidate(ANNA))
    assert not guard.wait(candidate(BERT))
    assert guard.is_looking
    assert ([candidate(ANNA), candidate(BERT)], []) == guard.release()
    assert not guard.is_looking
    assert guard.wait(candidate(ANNA))


def test_the_last_cursor_of_each_source_is_held_back() -> None:
    guard = Guard()
    for source, position in (("a", "1"), ("b", "1"), ("a", "2")):
        guard.hold(Cursor(source, position))
    assert ([], [Cursor("a", "2"), Cursor("b", "1")]) == guard.release()
    assert ([], []) == guard.release()


def test_an_operator_is_spared_for_a_day() -> None:
    guard = Guard()
    guard.operator(ANNA, Instant(DAY))
    assert "an operator's command came from there" == guard.reasons({}, Instant(2 * DAY - 1)).against(ANNA)
    assert guard.reasons({}, Instant(2 * DAY)).against(ANNA) is None


def test_the_operators_seen_last_are_remembered() -> None:
    guard = Guard()
    for number in range(OPERATORS_CAP):
        guard.operator(Subject(f"10.0.0.{number}"), Instant(0))
    guard.operator(Subject("10.0.0.0"), Instant(1))
    guard.operator(ANNA, Instant(2))
    reasons = guard.reasons({}, Instant(3))
    assert reasons.against(Subject("10.0.0.0")) is not None
    assert reasons.against(Subject("10.0.0.1")) is None
    assert reasons.against(Subject("10.0.0.2")) is not None


def test_what_is_seen_around_says_more_than_an_old_command() -> None:
    guard = Guard()
    guard.operator(ANNA, Instant(0))
    assert "logged in" == guard.reasons({ANNA: "logged in"}, Instant(1)).against(ANNA)


def test_a_reason_holds_for_all_in_it_and_for_all_around_it() -> None:
    reasons = Reasons({ANNA: "logged in", Subject("10.0.0.0/8"): "our network"})
    assert "logged in" == reasons.against(ANNA)
    assert "logged in (192.0.2.1)" == reasons.against(Subject("192.0.2.0/24"))
    assert "our network (10.0.0.0/8)" == reasons.against(Subject("10.1.2.3"))
    assert reasons.against(BERT) is None


def test_addresses_in_any_notation_are_understood() -> None:
    assert "logged in" == Reasons({Subject("::ffff:192.0.2.1"): "logged in"}).against(ANNA)
