"""Addresses: what becomes one, what contains what, and the sets against the standard library."""

from __future__ import annotations

import random
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.errors import ConfigError
from banish.core.model import Subject
from banish.core.subject import AddressSet, Network, address_of, family_of, network_of, parse, strict, within


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[192.0.2.7]", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:0207", "192.0.2.7"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("192.0.2.7/255.255.255.0", "192.0.2.0/24"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.7/0", "0.0.0.0/0"),
        ("::1/64", "::/64"),
        ("[2001:db8::1]/64", "2001:db8::/64"),
        ("2001:db8::1/128", "2001:db8::1"),
    ],
)
def test_addresses_and_networks_become_canonical(text: str, canonical: str) -> None:
    assert canonical == parse(text)
    assert canonical == strict(text)
    assert canonical == parse(canonical)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[",
        "anna",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4-1.2.3.9",
        "999.1.1.1",
        "1::2::3",
        "fe80::1%eth0",
        "fe80::1%eth0/64",
        "[::1/64]",
        "1.2.3.\u0664",
        "192.0.2.\u0667/24",
        "192.0.2.7/\u0662\u0664",
        "192.0.2.7/",
        "192.0.2.7/33",
        "192.0.2.7/-1",
        "192.0.2.7/24/24",
        "192.0.2.7/255.255.0.255",
        "2001:db8::/129",
        "::ffff:192.0.2.7/24",
        "::ffff:192.0.2.7/120",
        "192.0.2.7/" + "9" * 5000,
        "::1\0",
        "\ud800",
    ],
)
def test_other_text_stays_text_in_no_network(text: str) -> None:
    assert text == parse(text)
    assert network_of(text) is None
    assert family_of(Subject(text)) is None
    assert not AddressSet(["0.0.0.0/0", "::/0"]).covers(Subject(text))
    assert AddressSet([text, "0.0.0.0/0"]).covers(Subject(text))
    with pytest.raises(ConfigError, match=r"is no address; write"):
        strict(text)


def test_the_family_of_an_address_or_a_network_is_known() -> None:
    assert 4 == family_of(Subject("192.0.2.0/24"))
    assert 6 == family_of(Subject("2001:db8::1"))


def test_a_network_is_within_a_wider_one_but_not_the_other_way() -> None:
    assert within(Subject("10.1.0.0/16"), Subject("10.0.0.0/8"))
    assert not within(Subject("10.0.0.0/7"), Subject("10.0.0.0/8"))
    assert not within(Subject("2001:db8::1"), Subject("10.0.0.0/8"))


def test_the_narrowest_entry_is_found() -> None:
    entries = AddressSet(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"])
    assert "10.1.2.3" == entries.find(Subject("10.1.2.3"))
    assert "10.1.0.0/16" == entries.find(Subject("10.1.2.4"))
    assert "10.0.0.0/8" == entries.find(Subject("10.2.0.0/16"))
    assert entries.find(Subject("11.0.0.1")) is None


def test_families_do_not_mix() -> None:
    assert not AddressSet(["0.0.0.0/0"]).covers(Subject("::1"))
    assert not AddressSet(["::/0"]).covers(Subject("192.0.2.7"))


def test_what_is_discarded_is_gone_and_nothing_else() -> None:
    entries = AddressSet(["10.0.0.0/8", "10.0.0.0/16", "192.0.2.7", "anna"])
    entries.discard("10.0.0.0/8")
    entries.discard("192.0.2.7")
    entries.discard("172.16.0.0/12")
    entries.discard("192.0.2.8")
    assert {"10.0.0.0/16", "anna"} == set(entries)
    assert 2 == len(entries)


def test_a_network_touches_what_lies_in_it_and_what_it_lies_in() -> None:
    entries = AddressSet(["10.1.2.3", "192.0.2.0/24"])
    assert "10.1.2.3" == entries.touches(Subject("10.0.0.0/8"))
    assert "192.0.2.0/24" == entries.touches(Subject("192.0.2.128/25"))
    assert "192.0.2.0/24" == entries.touches(Subject("192.0.2.7"))
    assert entries.touches(Subject("10.1.2.4")) is None
    assert entries.touches(Subject("172.16.0.0/12")) is None


@given(st.text())
def test_parsing_never_raises_and_is_done_after_once(text: str) -> None:
    assert parse(text) == parse(parse(text))
    AddressSet([text, "10.0.0.0/8"]).touches(parse(text))


@given(st.ip_addresses())
def test_addresses_come_back_as_they_went_in(address: object) -> None:
    assert parse(str(address)) == parse(f"[{address}]")
    assert address_of(str(address)) == address_of(parse(str(address)))


def is_in(inner: Network, outer: Network) -> bool:
    if inner.version != outer.version or inner.prefixlen < outer.prefixlen:
        return False
    return inner.network_address in outer


def random_network(draw: random.Random) -> str:
    """Return one of few addresses, so that networks meet often, with any prefix length."""
    if draw.random() < 0.5:
        return f"{ip_address(draw.getrandbits(4) << 28 | draw.getrandbits(3))}/{draw.randint(0, 32)}"
    return f"{ip_address(1 << 124 | draw.getrandbits(4) << 64 | draw.getrandbits(2))}/{draw.randint(0, 128)}"


@pytest.mark.parametrize("seed", range(20))
def test_sets_agree_with_the_standard_library(seed: int) -> None:
    draw = random.Random(seed)
    fast, slow = AddressSet(), set[Subject]()
    for _ in range(100):
        entry = parse(random_network(draw))
        if draw.random() < 0.3:
            fast.discard(entry)
            slow.discard(entry)
        else:
            fast.add(entry)
            slow.add(entry)
        asked = parse(random_network(draw))
        span = ip_network(asked)
        over = [net for net in map(ip_network, slow) if is_in(span, net)]
        under = [net for net in map(ip_network, slow) if is_in(net, span)]
        narrowest = max(over, key=lambda net: net.prefixlen, default=None)
        assert (None if narrowest is None else parse(str(narrowest))) == fast.find(asked)
        assert bool(over or under) == (fast.touches(asked) is not None)
        assert slow == set(fast)
        assert len(slow) == len(fast)
