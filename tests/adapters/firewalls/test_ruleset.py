"""The table as `nft` shows it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from banish.adapters.firewalls.elements import HOST4, Kind, encode
from banish.adapters.firewalls.netlink import Channel, Message, attribute, dump, nest, text
from banish.adapters.firewalls.ruleset import INET, Nft, Ruleset, sets_asked
from banish.adapters.firewalls.scopes import reach
from banish.core.config import Scope

pytestmark = pytest.mark.root

SHOWN = """\
table inet banish {
	counter jail/web {
		packets 0 bytes 0
	}

	set jail/web/ip4-32/1 {
		type ipv4_addr
		flags timeout
		gc-interval 1m
		elements = { 192.0.2.1, 192.0.2.2 }
	}

	set jail/web/ip6-64/1 {
		type ipv6_addr
		flags timeout
		gc-interval 1m
		elements = { 2001:db8:: }
	}

	chain prerouting {
		type filter hook prerouting priority raw - 10; policy accept;
		tcp dport { 0-5, 80, 443, 8000-65535 } jump jail/web
		udp dport { 443, 500-501 } jump jail/web
		meta l4proto { tcp, udp, dccp, sctp, udplite } th dport 1-9 jump jail/web
		meta l4proto icmp jump jail/web
		jump jail/web
	}

	chain jail/web {
		ip saddr @jail/web/ip4-32/1 counter name "jail/web" drop
		ip6 saddr & ffff:ffff:ffff:ffff:: == @jail/web/ip6-64/1 counter name "jail/web" drop
	}
}
"""
SCOPES = [
    Scope("tcp", ((0, 5), (80, 80), (443, 443), (8000, 65535))),
    Scope("udp", ((443, 443), (500, 501))),
    Scope("all", ((1, 9),)),
    Scope("icmp"),
    Scope(),
]
SET4, SET6 = "jail/web/ip4-32/1", "jail/web/ip6-64/1"


@pytest.fixture
def channel(netns: None) -> Iterator[Channel]:
    assert netns is None
    channel = Channel()
    yield channel
    channel.close()


@pytest.fixture
def rules(channel: Channel) -> Ruleset:
    rules = Ruleset("banish")
    channel.commit([rules.table(), rules.gate(), rules.chain("jail/web"), rules.counter("jail/web")])
    channel.commit([rules.set(SET4, HOST4), rules.set(SET6, Kind(6, 64))])
    channel.commit([rules.ban("jail/web", SET4, HOST4), rules.ban("jail/web", SET6, Kind(6, 64))])
    channel.commit(message for scope in SCOPES for message in rules.send("jail/web", reach(scope)))
    channel.commit(
        [
            rules.add(SET4, encode(bytes([192, 0, 2, 1])) + encode(bytes([192, 0, 2, 2]))),
            rules.add(SET6, encode(bytes([0x20, 1, 0x0D, 0xB8]) + bytes(12))),
        ]
    )
    return rules


def nft(*words: str, script: str = "") -> str:
    run = subprocess.run(["nft", *words], input=script, check=True, capture_output=True, text=True)
    return run.stdout


@pytest.mark.usefixtures("rules")
def test_nft_shows_it_so_that_people_can_read_it() -> None:
    assert nft("list", "ruleset") == SHOWN


@pytest.mark.usefixtures("rules")
def test_what_nft_shows_can_be_fed_to_it_again() -> None:
    nft("flush", "ruleset")
    nft("-f", "-", script=SHOWN)
    assert nft("list", "ruleset") == SHOWN


@pytest.mark.usefixtures("rules")
def test_programs_can_read_it_as_json() -> None:
    listing = json.loads(nft("-j", "list", "set", "inet", "banish", SET4))
    assert listing["nftables"][1]["set"]["elem"] == ["192.0.2.1", "192.0.2.2"]


def test_everything_can_be_made_again_without_harm(channel: Channel, rules: Ruleset) -> None:
    channel.commit([rules.table(), rules.gate(), rules.chain("jail/web"), rules.counter("jail/web")])
    channel.commit([rules.set(SET4, HOST4), rules.set(SET6, Kind(6, 64))])
    assert nft("list", "ruleset") == SHOWN


def test_everything_can_be_removed_in_one_transaction(channel: Channel, rules: Ruleset) -> None:
    channel.commit(
        [
            rules.forget_rules(),
            rules.forget_set(SET4),
            rules.forget_set(SET6),
            rules.forget_chain("jail/web"),
            rules.forget_counter("jail/web"),
        ]
    )
    assert nft("list", "ruleset") == (
        "table inet banish {\n\tchain prerouting {\n"
        "\t\ttype filter hook prerouting priority raw - 10; policy accept;\n\t}\n}\n"
    )
    channel.commit([rules.forget()])
    assert nft("list", "ruleset") == ""


def test_an_element_can_be_taken_out(channel: Channel, rules: Ruleset) -> None:
    channel.commit([rules.remove(SET4, encode(bytes([192, 0, 2, 1])))])
    assert "elements = { 192.0.2.2 }" in nft("list", "set", "inet", "banish", SET4)


def test_a_dormant_table_is_woken(channel: Channel, rules: Ruleset) -> None:
    nft("add table inet banish { flags dormant; }")
    assert "dormant" in nft("list", "table", "inet", "banish")
    channel.commit([rules.table()])
    assert nft("list", "ruleset") == SHOWN


def test_the_sets_that_rules_ask_are_found(rules: Ruleset) -> None:
    asked = {found for rule in dump(rules.ask(Nft.GETRULE)) for found in sets_asked(rule)}
    assert {SET4, SET6} <= asked
    assert all(found.startswith("__set") for found in asked - {SET4, SET6})


def test_a_message_is_of_the_table_whose_name_it_bears() -> None:
    rules = Ruleset("banish")
    assert rules.owns(Message(Nft.NEWRULE, text(1, "banish"), family=INET))
    assert not rules.owns(Message(Nft.NEWRULE, text(1, "banish2"), family=INET))
    assert not rules.owns(Message(Nft.NEWRULE, text(1, "banish"), family=2))
    assert not rules.owns(Message(Nft.NEWRULE, text(2, "banish"), family=INET))
    assert not rules.owns(Message(Nft.NEWRULE, b"", family=INET))


def test_a_rule_with_expressions_that_ask_nothing_asks_nothing() -> None:
    rule = Message(
        Nft.NEWRULE, text(2, "c") + nest(4, nest(1, text(1, "counter")), nest(1, attribute(9, b"")))
    )
    assert list(sets_asked(rule)) == []


def test_names_of_sets_in_a_transaction_never_run_out() -> None:
    rules = Ruleset("banish")
    rules._identity = 0xFFFFFFFF
    assert rules._identify() == attribute(10, bytes([0, 0, 0, 1]))
