"""Any number of bans on their way into new sets."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from banish.adapters.firewalls.elements import HOST4, HOST6, decode
from banish.adapters.firewalls.load import Load
from banish.adapters.firewalls.netlink import Channel, as_text, attributes, dump, text
from banish.adapters.firewalls.ruleset import Nft, Ruleset
from banish.core.model import NEVER, Instant, Place, Subject

pytestmark = pytest.mark.root

NOW = Instant(1000.0)
RULES = Ruleset("banish")


@pytest.fixture
def channel(netns: None) -> Iterator[Channel]:
    assert netns is None
    channel = Channel()
    channel.commit([RULES.table()])
    yield channel
    channel.close()


def bans(count: int) -> Iterator[tuple[Place, Instant]]:
    for number in range(count):
        yield (
            Place("sshd", Subject(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")),
            Instant(NOW + 600),
        )
        yield Place("web", Subject(f"2001:db8::{number:x}")), NEVER


def test_what_cannot_be_enforced_is_left_out(channel: Channel) -> None:
    load = Load(channel, RULES, ["sshd"], 7)
    later = Instant(NOW + 1)
    odd = [("web", "192.0.2.1", later), ("sshd", "192.0.2.1", NOW), ("sshd", "anna", later)]
    load.put(((Place(jail, Subject(subject)), until) for jail, subject, until in odd), NOW)
    assert load.sets == {"sshd": {}}


def sets() -> set[str]:
    return {as_text(dict(attributes(found.body))[2]) for found in dump(RULES.ask(Nft.GETSET))}


def size_of_set(name: str) -> int:
    listing = dump(RULES.ask(Nft.GETSETELEM, text(2, name)))
    return sum(1 for one in listing for _ in decode(dict(attributes(one.body))[3], NOW))


def test_every_ban_arrives_in_the_set_of_its_kind(channel: Channel) -> None:
    load = Load(channel, RULES, ["sshd", "web", "idle"], 7)
    load.put(bans(6000), NOW)
    assert load.sets == {
        "sshd": {HOST4: "jail/sshd/ip4-32/7"},
        "web": {HOST6: "jail/web/ip6-128/7"},
        "idle": {},
    }
    assert size_of_set("jail/sshd/ip4-32/7") == 6000
    assert size_of_set("jail/web/ip6-128/7") == 6000


def test_what_was_loaded_can_be_taken_back(channel: Channel) -> None:
    load = Load(channel, RULES, ["sshd", "web"], 7)
    load.put(bans(10), NOW)
    load.take_back()
    assert set() == sets()


def test_taking_back_what_was_made_in_part_leaves_nothing(channel: Channel) -> None:
    load = Load(channel, RULES, ["sshd", "web"], 7)
    load._limit = 1000

    def broken() -> Iterator[tuple[Place, Instant]]:
        yield from bans(5000)
        raise LookupError

    with pytest.raises(LookupError):
        load.put(broken(), NOW)
    assert sets() != set()
    load.take_back()
    assert set() == sets()


@pytest.mark.slow
def test_a_load_holds_no_more_than_one_transaction_of_bans(channel: Channel) -> None:
    load = Load(channel, RULES, ["sshd", "web"], 7)
    tracemalloc.start()
    load.put(bans(20_000), NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_500_000
