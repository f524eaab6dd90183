"""The parts of a rule, as `nft` reads them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from banish.adapters.firewalls import expressions as ex
from banish.adapters.firewalls.elements import HOST4, HOST6, Kind
from banish.adapters.firewalls.netlink import APPEND, CREATE, Channel, Message, nest, text
from banish.adapters.firewalls.ruleset import INET, Nft, Ruleset

pytestmark = pytest.mark.root
TCP = ex.protocol() + ex.equal(bytes([6]))


@pytest.fixture
def channel(netns: None) -> Iterator[Channel]:
    assert netns is None
    channel, rules = Channel(), Ruleset("t")
    channel.commit([rules.table(), rules.gate(), rules.chain("c"), rules.counter("n")])
    channel.commit([rules.set("four", HOST4), rules.set("six", HOST6)])
    yield channel
    channel.close()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (TCP + ex.port() + ex.between(22, 22), "tcp dport 22"),
        (TCP + ex.port() + ex.between(80, 90), "tcp dport 80-90"),
        (TCP, "meta l4proto tcp"),
        (ex.source(HOST4) + ex.lookup("four"), "ip saddr @four"),
        (ex.source(HOST6) + ex.lookup("six"), "ip6 saddr @six"),
        (ex.source(Kind(4, 20)) + ex.lookup("four"), "ip saddr & 255.255.240.0 == @four"),
        (ex.source(Kind(6, 64)) + ex.lookup("six"), "ip6 saddr & ffff:ffff:ffff:ffff:: == @six"),
        (ex.count("n"), 'counter name "n"'),
        (ex.drop(), "drop"),
        (ex.jump("c"), "jump c"),
    ],
)
def test_nft_reads(channel: Channel, expression: bytes, expected: str) -> None:
    body = text(1, "t") + text(2, "prerouting") + nest(4, expression)
    channel.commit([Message(Nft.NEWRULE, body, CREATE | APPEND, INET)])
    listing = subprocess.run(
        ["nft", "list", "chain", "inet", "t", "prerouting"], check=True, capture_output=True, text=True
    )
    assert listing.stdout.splitlines()[3].strip() == expected
