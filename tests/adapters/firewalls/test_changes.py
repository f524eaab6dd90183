"""Changes of living sets as one transaction."""

from __future__ import annotations

import pytest

from banish.adapters.firewalls.changes import LARGEST_STEP, Changes
from banish.adapters.firewalls.elements import HOST4, HOST6, Kind, encode
from banish.adapters.firewalls.names import Sets, of_jail
from banish.adapters.firewalls.netlink import Message, size_of
from banish.adapters.firewalls.ruleset import Nft, Ruleset
from banish.core.model import Place, Subject

RULES = Ruleset("banish")
FIRST, SECOND = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
SET4 = "jail/sshd/ip4-32/3"


@pytest.fixture
def sets() -> Sets:
    return {"sshd": {HOST4: SET4}}


def put(sets: Sets, *steps: tuple[str, str, int | None]) -> Changes:
    changes = Changes(RULES, sets, 3)
    for jail, subject, timeout in steps:
        changes.put(Place(jail, Subject(subject)), timeout)
    return changes


def test_each_subject_is_added_removed_and_added_again_if_it_is_to_stay(sets: Sets) -> None:
    changes = put(sets, ("sshd", "192.0.2.1", 600_000), ("sshd", "192.0.2.2", None))
    assert list(changes.messages()) == [
        RULES.add(SET4, encode(FIRST, 600_000) + encode(SECOND)),
        RULES.remove(SET4, encode(FIRST) + encode(SECOND)),
        RULES.add(SET4, encode(FIRST, 600_000)),
    ]


def test_the_last_word_on_a_subject_holds(sets: Sets) -> None:
    changes = put(sets, ("sshd", "192.0.2.1", 1000), ("sshd", "192.0.2.1", None), ("sshd", "192.0.2.1", 2000))
    assert list(changes.messages())[-1] == RULES.add(SET4, encode(FIRST, 2000))


def test_the_first_ban_of_a_kind_brings_its_set_and_its_rule(sets: Sets) -> None:
    changes = put(sets, ("sshd", "2001:db8::/64", 1000))
    name = "jail/sshd/ip6-64/3"
    made = list(changes.messages())
    assert [message.kind for message in made[:2]] == [Nft.NEWSET, Nft.NEWRULE]
    assert made[1] == RULES.ban(of_jail("sshd"), name, Kind(6, 64))
    assert sets == {"sshd": {HOST4: SET4}}
    changes.settle()
    assert sets == {"sshd": {HOST4: SET4, Kind(6, 64): name}}


def test_what_cannot_be_enforced_and_releases_of_what_never_was_change_nothing(sets: Sets) -> None:
    changes = put(sets, ("sshd", "anna", 1000), ("web", "192.0.2.1", 1000), ("sshd", "2001:db8::1", None))
    assert list[Message](changes.messages()) == []
    assert changes.size == 0


def test_a_release_after_the_first_ban_of_a_kind_holds(sets: Sets) -> None:
    changes = put(sets, ("sshd", "::1", 1000), ("sshd", "::1", None), ("sshd", "::2", None))
    assert [one.kind for one in changes.messages()] == [
        Nft.NEWSET,
        Nft.NEWRULE,
        Nft.NEWSETELEM,
        Nft.DELSETELEM,
    ]


def test_the_size_is_never_less_than_the_messages_have() -> None:
    jail = "x" * 200
    sets: Sets = {jail: {}}
    changes = Changes(RULES, sets, 10**9)
    for number in range(0, 129, 6):
        before = changes.size
        changes.put(Place(jail, Subject(f"2001:db8::{number:x}")), 1000)
        changes.put(Place(jail, Subject(f"2001:db8::/{number}")), 1000)
        assert changes.size - before <= 2 * LARGEST_STEP
        assert sum(map(size_of, changes.messages())) <= changes.size
    assert HOST6 not in sets[jail]
