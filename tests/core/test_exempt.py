"""Who does not count, by which rule, and for how long."""

from __future__ import annotations

import pytest

from banish.core import exempt
from banish.core.config import JailConfig
from banish.core.exempt import Exempt, Exemptions, list_path, question_of
from banish.core.model import NEVER, Exemption, Instant, ReadList, Resolve, Subject
from banish.core.subject import AddressSet

ANNA, BERT = Subject("192.0.2.1"), Subject("192.0.2.2")
NOBODY = AddressSet()


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("file:/etc/a", "/etc/a"),
        ("file:///etc/a", "/etc/a"),
        ("file://etc/a", "/etc/a"),
        ("file:etc/a", "etc/a"),
        ("file:./x", "./x"),
        ("file://./x", "./x"),
        ("192.0.2.1", None),
        ("host.example", None),
    ],
)
def test_paths_of_lists_are_written_in_many_ways(entry: str, path: str | None) -> None:
    assert path == list_path(entry)


def test_only_names_and_lists_have_to_be_asked_for() -> None:
    assert question_of("192.0.2.0/24") is None
    assert Resolve("host.example") == question_of("host.example")
    assert ReadList("/etc/a") == question_of("file:/etc/a")


def test_addresses_networks_and_texts_are_compared_as_they_are_pitfall_28() -> None:
    jail = Exempt(JailConfig("j", ignoreip=("192.0.2.1", "10.1.2.3/8", "::FFFF:192.0.2.9", "anna")))
    for subject in ("192.0.2.1", "10.200.0.1", "10.1.0.0/16", "192.0.2.9", "anna"):
        assert "ip" == jail.reason(Subject(subject), NOBODY)
    assert jail.reason(BERT, NOBODY) is None
    assert jail.reason(Subject("0.0.0.0/0"), NOBODY) is None


def test_this_machine_does_not_count_unless_told_to() -> None:
    own = AddressSet([ANNA])
    assert "ignoreself rule" == Exempt(JailConfig("j")).reason(ANNA, own)
    assert Exempt(JailConfig("j", ignoreself=False)).reason(ANNA, own) is None


def test_names_and_lists_count_for_what_they_were_answered_to_be() -> None:
    jail = Exempt(JailConfig("j", ignoreip=("host.example", "file:/a", "host.example")))
    assert (Resolve("host.example"), ReadList("/a")) == jail.questions
    jail.answered(Resolve("host.example"), AddressSet([ANNA]))
    jail.answered(ReadList("/a"), AddressSet(["10.0.0.0/8", "anna"]))
    jail.answered(Resolve("other.example"), AddressSet([BERT]))
    assert "dns" == jail.reason(ANNA, NOBODY)
    assert "file:/a" == jail.reason(Subject("10.1.2.3"), NOBODY)
    assert "file:/a" == jail.reason(Subject("anna"), NOBODY)
    assert jail.reason(BERT, NOBODY) is None


def test_a_name_without_an_answer_keeps_the_addresses_it_had() -> None:
    jail = Exempt(JailConfig("sshd", ignoreip=("host.example", "file:/a")))
    for question in (Resolve("host.example"), ReadList("/a")):
        jail.answered(question, AddressSet([ANNA]))
    jail.answered(ReadList("/a"), AddressSet())
    assert "dns" == jail.reason(ANNA, AddressSet())
    jail.answered(Resolve("host.example"), AddressSet())
    assert "dns" == jail.reason(ANNA, AddressSet())
    jail.answered(Resolve("host.example"), AddressSet([BERT]))
    assert jail.reason(ANNA, AddressSet()) is None


def test_answers_hold_over_a_change_of_the_configuration() -> None:
    before = Exempt(JailConfig("j", ignoreip=("host.example", "old.example")))
    before.answered(Resolve("host.example"), AddressSet([ANNA]))
    before.answered(Resolve("old.example"), AddressSet([BERT]))
    after = Exempt(JailConfig("j", ignoreip=("new.example", "host.example")), before)
    assert "dns" == after.reason(ANNA, NOBODY)
    assert after.reason(BERT, NOBODY) is None


def until(end: float, subject: Subject = ANNA) -> Exemption:
    return Exemption(subject, Instant(end))


def test_an_exemption_holds_until_its_end() -> None:
    exemptions = Exemptions()
    assert exemptions.put(until(100))
    assert until(100) == exemptions.covers(ANNA, Instant(99))
    assert exemptions.covers(BERT, Instant(99)) is None
    assert exemptions.covers(ANNA, Instant(100)) is None
    assert 0 == len(exemptions)


def test_behind_an_exemption_that_ended_a_wider_one_holds() -> None:
    exemptions = Exemptions()
    wide = until(NEVER, Subject("192.0.2.0/24"))
    exemptions.put(wide)
    exemptions.put(until(100))
    assert wide == exemptions.covers(ANNA, Instant(101))


def test_an_exemption_can_be_taken_back() -> None:
    exemptions = Exemptions()
    exemptions.put(until(100))
    assert exemptions.drop(ANNA)
    assert not exemptions.drop(ANNA)
    assert exemptions.covers(ANNA, Instant(0)) is None


def test_a_ban_of_a_network_touches_the_exempt_in_it() -> None:
    exemptions = Exemptions()
    exemptions.put(until(100))
    assert until(100) == exemptions.touched(ANNA, Instant(0))
    assert until(100) == exemptions.touched(Subject("192.0.0.0/16"), Instant(0))
    assert exemptions.touched(Subject("192.0.0.0/16"), Instant(100)) is None
    assert exemptions.touched(Subject("10.0.0.0/8"), Instant(0)) is None
    assert exemptions.touched(BERT, Instant(0)) is None


def test_what_has_ended_is_forgotten_and_the_rest_is_told_by_end() -> None:
    exemptions = Exemptions()
    for exemption in (until(NEVER, BERT), until(100), until(50, Subject("anna"))):
        exemptions.put(exemption)
    exemptions.expire(Instant(60))
    assert (until(100), until(NEVER, BERT)) == exemptions.all()


def test_beyond_the_cap_only_known_subjects_can_be_exempted(inside: pytest.MonkeyPatch) -> None:
    inside.setattr(exempt, "CAP", 1)
    exemptions = Exemptions()
    assert exemptions.put(until(100))
    assert not exemptions.put(until(100, BERT))
    assert exemptions.put(until(200))
    assert until(200) == exemptions.covers(ANNA, Instant(150))
