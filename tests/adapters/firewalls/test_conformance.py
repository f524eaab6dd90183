"""What every firewall promises, in memory and in the kernel, judged by the packets that arrive."""

from __future__ import annotations

import asyncio
import select
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

import pytest

from banish.adapters.firewalls.memory import Memory
from banish.adapters.firewalls.nftables import Nftables
from banish.core.config import Scope
from banish.core.errors import EnforceError
from banish.core.model import NEVER, Instant, Place, Subject
from banish.daemon.ports import Firewall

SSH = Scope("tcp", ((22, 22),))
WEB = Scope("tcp", ((80, 80), (443, 443), (8000, 8100)))
QUIC = Scope("udp", ((443, 443),))
EVERYTHING = Scope()

ROUTED = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32")
"""Addresses that are all ours on the loopback device, so that packets can come from any of them."""

_IPV6_FREEBIND = 78
_DEADLINE_S = 5.0


def place(jail: str, subject: str) -> Place:
    return Place(jail, Subject(subject))


class World(Protocol):
    """A firewall and all that is around it."""

    firewall: Firewall

    def now(self) -> Instant: ...
    def step(self) -> None: ...
    def arrives(self, source: str, protocol: str, port: int) -> bool: ...
    def vandalise(self) -> None: ...
    def restart(self, *, keep: bool) -> None: ...


class MemoryWorld:
    def __init__(self) -> None:
        self.memory = Memory()
        self.firewall: Firewall = self.memory
        self._now = 1_000_000.0

    def now(self) -> Instant:
        return Instant(self._now)

    def step(self) -> None:
        self._now += 0.01

    def arrives(self, source: str, protocol: str, port: int) -> bool:
        return not self.memory.arrives(Subject(source), protocol, port, self.now())

    def vandalise(self) -> None:
        self.memory.flush()

    def restart(self, *, keep: bool) -> None:
        self.firewall.close(keep=keep)


class KernelWorld:
    def __init__(self) -> None:
        self.firewall: Firewall = Nftables()
        for network in ROUTED:
            family = "-6" if ":" in network else "-4"
            subprocess.run(["ip", family, "route", "add", "local", network, "dev", "lo"], check=True)

    def now(self) -> Instant:
        return Instant(time.time())

    def step(self) -> None:
        pass  # time does it

    def arrives(self, source: str, protocol: str, port: int) -> bool:
        """Whether a closed port answers; what was sent before has arrived when a later packet is answered."""
        with _knock(source, protocol, port) as first, _knock("127.0.0.9", protocol, port) as second:
            assert _answered(second, _DEADLINE_S)
            return _answered(first, 0)

    def vandalise(self) -> None:
        subprocess.run(["nft", "flush", "ruleset"], check=True)

    def restart(self, *, keep: bool) -> None:
        self.firewall.close(keep=keep)
        self.firewall = Nftables()


def _knock(source: str, protocol: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    sock = socket.socket(family, kind)
    sock.settimeout(0)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_FREEBIND, 1)
    sock.bind((source, 0))
    sock.connect_ex(("::1" if ":" in source else "127.0.0.1", port))
    if kind == socket.SOCK_DGRAM:
        sock.send(b"knock")
    return sock


def _answered(sock: socket.socket, timeout_s: float) -> bool:
    poll = select.poll()
    poll.register(sock, 0)  # a refusal is an error, and errors are always reported
    return bool(poll.poll(timeout_s * 1000))


@pytest.fixture(params=["memory", pytest.param("kernel", marks=pytest.mark.root)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "kernel":
        request.getfixturevalue("netns")
    found: World = KernelWorld() if request.param == "kernel" else MemoryWorld()
    yield found
    found.firewall.close(keep=False)


def wish(world: World, *bans: tuple[Place, Instant], **fences: Sequence[Scope]) -> None:
    world.firewall.replace(fences, bans, world.now())


def block(world: World, jail: str, *subjects: str, seconds: float = 600.0) -> None:
    now = world.now()
    world.firewall.apply([(place(jail, one), Instant(now + seconds)) for one in subjects], [], now)


def release(world: World, jail: str, *subjects: str) -> None:
    world.firewall.apply([], [place(jail, one) for one in subjects], world.now())


def banned(world: World) -> set[Place]:
    return {found for found, _ in world.firewall.bans(world.now())}


def left(world: World) -> dict[str, float]:
    now = world.now()
    return {found.subject: until - now for found, until in world.firewall.bans(now)}


def becomes_free(world: World, source: str) -> bool:
    deadline = time.monotonic() + _DEADLINE_S
    while not world.arrives(source, "tcp", 22):
        if time.monotonic() > deadline:
            return False
        world.step()
    return True


def test_a_banned_address_is_cut_from_the_ports_of_its_jail_and_from_no_others(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1")
    assert not world.arrives("192.0.2.1", "tcp", 22)
    assert world.arrives("192.0.2.1", "tcp", 23)
    assert world.arrives("192.0.2.1", "udp", 22)
    assert world.arrives("192.0.2.2", "tcp", 22)


def test_ipv6_addresses_are_cut_like_others(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "2001:db8::1")
    assert not world.arrives("2001:db8::1", "tcp", 22)
    assert world.arrives("2001:db8::1", "tcp", 80)
    assert world.arrives("2001:db8::2", "tcp", 22)


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("198.51.100.0/24", "198.51.100.255", "203.0.113.0"),
        ("10.16.0.0/12", "10.31.255.255", "10.32.0.0"),
        ("192.0.2.128/25", "192.0.2.128", "192.0.2.127"),
        ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::1", "2001:db8:0:2::1"),
        ("2001:db8:8000::/33", "2001:db8:8000::1", "2001:db8:7fff::1"),
    ],
)
def test_a_network_is_cut_to_its_edges(world: World, network: str, inside: str, outside: str) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", network)
    assert not world.arrives(inside, "tcp", 22)
    assert world.arrives(outside, "tcp", 22)
    assert {place("sshd", network)} == banned(world)


def test_networks_within_each_other_are_banned_and_released_each_for_itself(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3")
    release(world, "sshd", "10.0.0.0/8")
    assert not world.arrives("10.1.9.9", "tcp", 22)
    release(world, "sshd", "10.1.0.0/16")
    assert world.arrives("10.1.9.9", "tcp", 22)
    assert not world.arrives("10.1.2.3", "tcp", 22)


def test_the_whole_internet_can_be_one_network(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "::/0")
    assert not world.arrives("2001:db8:7::7", "tcp", 22)
    assert world.arrives("192.0.2.1", "tcp", 22)
    assert {place("sshd", "::/0")} == banned(world)


def test_several_scopes_and_ranges_of_ports_are_all_cut(world: World) -> None:
    wish(world, web=[WEB, QUIC])
    block(world, "web", "192.0.2.1")
    cut = [("tcp", 80), ("tcp", 443), ("tcp", 8000), ("tcp", 8050), ("tcp", 8100), ("udp", 443)]
    assert [one for one in cut if world.arrives("192.0.2.1", *one)] == []
    free = [("tcp", 79), ("tcp", 81), ("tcp", 7999), ("tcp", 8101), ("udp", 80)]
    assert free == [one for one in free if world.arrives("192.0.2.1", *one)]


def test_a_scope_without_ports_cuts_everything(world: World) -> None:
    wish(world, recidive=[EVERYTHING])
    block(world, "recidive", "192.0.2.1")
    assert not world.arrives("192.0.2.1", "tcp", 1)
    assert not world.arrives("192.0.2.1", "udp", 65535)
    assert world.arrives("192.0.2.2", "udp", 65535)


def test_all_protocols_with_ports_are_those_that_have_ports(world: World) -> None:
    wish(world, edges=[Scope("all", ((0, 5), (65530, 65535)))])
    block(world, "edges", "192.0.2.1")
    cut = [("tcp", 5), ("udp", 1), ("udp", 65535), ("tcp", 65530)]
    assert [one for one in cut if world.arrives("192.0.2.1", *one)] == []
    assert world.arrives("192.0.2.1", "udp", 6)
    assert world.arrives("192.0.2.1", "tcp", 65529)


def test_one_range_of_ports_is_cut_from_end_to_end(world: World) -> None:
    wish(world, mail=[Scope("tcp", ((20, 25),))])
    block(world, "mail", "192.0.2.1")
    assert [world.arrives("192.0.2.1", "tcp", port) for port in (20, 25)] == [False, False]
    assert [world.arrives("192.0.2.1", "tcp", port) for port in (19, 26)] == [True, True]


def test_a_ban_ends_by_itself(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1", seconds=0.1)
    assert not world.arrives("192.0.2.1", "tcp", 22)
    assert becomes_free(world, "192.0.2.1")
    assert set() == banned(world)


@pytest.mark.parametrize("seconds", [0.0001, 0.001, 0.004])
def test_a_ban_shorter_than_a_tick_of_the_kernel_is_not_for_ever(world: World, seconds: float) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1", seconds=seconds)
    assert becomes_free(world, "192.0.2.1")


def test_a_ban_without_end_is_read_back_as_one(world: World) -> None:
    wish(world, (place("sshd", "192.0.2.1"), NEVER), sshd=[SSH])
    world.firewall.apply([(place("sshd", "192.0.2.2"), NEVER)], [], world.now())
    assert left(world) == {"192.0.2.1": NEVER, "192.0.2.2": NEVER}


@pytest.mark.parametrize("seconds", [30.0, 6000.0, NEVER])
def test_an_old_ban_gets_the_new_end(world: World, seconds: float) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1", seconds=600)
    block(world, "sshd", "192.0.2.1", seconds=seconds)
    assert pytest.approx(seconds, abs=5) == left(world)["192.0.2.1"]


def test_a_permanent_ban_can_get_an_end(world: World) -> None:
    wish(world, (place("sshd", "192.0.2.1"), NEVER), sshd=[SSH])
    block(world, "sshd", "192.0.2.1", seconds=0.1)
    assert becomes_free(world, "192.0.2.1")


def test_ends_are_read_back(world: World) -> None:
    now = world.now()
    ends = {"192.0.2.1": 60.0, "2001:db8::/48": 3600.0, "10.0.0.0/8": 86400.0 * 400}
    wish(world, *((place("sshd", one), Instant(now + ends[one])) for one in ends), sshd=[SSH])
    assert pytest.approx(ends, abs=5) == left(world)


def test_a_released_address_comes_in_again(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1", "2001:db8::1")
    release(world, "sshd", "192.0.2.1", "2001:db8::1")
    assert world.arrives("192.0.2.1", "tcp", 22)
    assert world.arrives("2001:db8::1", "tcp", 22)


def test_releasing_what_is_not_there_keeps_nothing_else_from_being_done(world: World) -> None:
    wish(world, sshd=[SSH])
    block(world, "sshd", "192.0.2.1", "192.0.2.2")
    now = world.now()
    world.firewall.apply(
        [(place("sshd", "192.0.2.3"), Instant(now + 600))],
        [place("sshd", one) for one in ("192.0.2.99", "192.0.2.1", "198.51.100.0/24", "2001:db8::9", "anna")],
        now,
    )
    assert {place("sshd", "192.0.2.2"), place("sshd", "192.0.2.3")} == banned(world)


def test_of_a_ban_and_a_release_at_once_the_release_holds(world: World) -> None:
    wish(world, sshd=[SSH])
    now = world.now()
    for subject in ("192.0.2.1", "2001:db8::/64"):
        both = place("sshd", subject)
        world.firewall.apply([(both, Instant(now + 600)), (both, Instant(now + 60))], [both, both], now)
    assert set() == banned(world)


def test_of_two_ends_for_one_ban_the_later_word_holds(world: World) -> None:
    wish(world, sshd=[SSH])
    now = world.now()
    twice = place("sshd", "192.0.2.1")
    world.firewall.apply([(twice, Instant(now + 600)), (twice, Instant(now + 60))], [], now)
    assert pytest.approx(60, abs=5) == left(world)["192.0.2.1"]


def test_what_no_packet_could_match_is_left_out(world: World) -> None:
    now = world.now()
    later = Instant(now + 600)
    odd = [
        "anna",
        "",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.4/33",
        "1.2.3.4/",
        "fe80::1%lo",
        "::1/129",
        "a/8",
        "é",
        "\0",
    ]
    wish(world, *((place("sshd", one), later) for one in odd), sshd=[SSH])
    block(world, "sshd", *odd)
    release(world, "sshd", *odd)
    assert set() == banned(world)


def test_a_jail_without_scopes_enforces_nothing(world: World) -> None:
    later = Instant(world.now() + 600)
    wish(world, (place("quiet", "192.0.2.1"), later), (place("strange", "192.0.2.1"), later), quiet=[])
    block(world, "quiet", "192.0.2.2")
    block(world, "strange", "192.0.2.2")
    assert set() == banned(world)
    assert dict(world.firewall.drops()) == {}


def test_a_ban_that_is_over_is_left_out(world: World) -> None:
    now = world.now()
    wish(world, (place("sshd", "192.0.2.1"), now), (place("sshd", "192.0.2.2"), Instant(now - 1)), sshd=[SSH])
    block(world, "sshd", "192.0.2.3", seconds=0)
    block(world, "sshd", "192.0.2.4", seconds=-1e9)
    assert set() == banned(world)


def test_the_whole_wish_is_these_bans_and_no_others(world: World) -> None:
    later = Instant(world.now() + 600)
    wish(
        world, (place("sshd", "192.0.2.1"), later), (place("web", "192.0.2.1"), later), sshd=[SSH], web=[WEB]
    )
    wish(
        world,
        (place("sshd", "192.0.2.2"), later),
        (place("mail", "10.0.0.0/8"), later),
        sshd=[SSH],
        mail=[QUIC],
    )
    assert {place("sshd", "192.0.2.2"), place("mail", "10.0.0.0/8")} == banned(world)
    assert world.arrives("192.0.2.1", "tcp", 22)
    assert world.arrives("192.0.2.1", "tcp", 80)
    assert not world.arrives("192.0.2.2", "tcp", 22)
    assert not world.arrives("10.0.0.1", "udp", 443)


def test_a_new_wish_can_move_the_fence(world: World) -> None:
    ban = (place("sshd", "192.0.2.1"), Instant(world.now() + 600))
    wish(world, ban, sshd=[SSH])
    wish(world, ban, sshd=[WEB])
    assert world.arrives("192.0.2.1", "tcp", 22)
    assert not world.arrives("192.0.2.1", "tcp", 80)


def test_a_wish_that_cannot_be_read_to_its_end_changes_nothing(world: World) -> None:
    later = Instant(world.now() + 600)
    wish(world, (place("sshd", "192.0.2.1"), later), sshd=[SSH])

    def broken() -> Iterator[tuple[Place, Instant]]:
        yield place("sshd", "192.0.2.2"), later
        yield place("web", "2001:db8::/32"), later
        raise LookupError

    with pytest.raises(LookupError):
        world.firewall.replace({"sshd": [WEB], "web": [WEB]}, broken(), world.now())
    assert {place("sshd", "192.0.2.1")} == banned(world)
    assert not world.arrives("192.0.2.1", "tcp", 22)
    block(world, "sshd", "192.0.2.3")
    assert not world.arrives("192.0.2.3", "tcp", 22)


@pytest.mark.parametrize(
    "scope", [Scope("smoke"), Scope("256"), Scope("tcp", ((9, 8),)), Scope("tcp", ((1, 65536),))]
)
def test_a_scope_that_means_nothing_is_refused_and_the_old_wish_stays(world: World, scope: Scope) -> None:
    wish(world, (place("sshd", "192.0.2.1"), NEVER), sshd=[SSH])
    with pytest.raises(EnforceError, match=r"^\[sshd\] .*; write"):
        wish(world, sshd=[scope])
    assert not world.arrives("192.0.2.1", "tcp", 22)


def test_changes_before_the_first_wish_are_refused(world: World) -> None:
    with pytest.raises(EnforceError, match="replace all bans first"):
        block(world, "sshd", "192.0.2.1")


def test_drops_are_counted_by_jail_and_survive_a_new_wish(world: World) -> None:
    ban = (place("sshd", "192.0.2.1"), Instant(world.now() + 600))
    wish(world, ban, sshd=[SSH], web=[WEB])
    for _ in range(3):
        world.arrives("192.0.2.1", "udp", 22)
        world.arrives("192.0.2.1", "tcp", 22)
    assert dict(world.firewall.drops()) == {"sshd": 3, "web": 0}
    wish(world, ban, sshd=[SSH])
    world.arrives("192.0.2.1", "tcp", 22)
    assert dict(world.firewall.drops()) == {"sshd": 4}


@pytest.mark.parametrize(
    "jail", ["drop", "4chan", "web admin", "größe", "a/b", "a.2fb", '"; flush', "-", "x" * 200]
)
def test_jails_may_have_any_name(world: World, jail: str) -> None:
    wish(world, **{jail: [SSH]})
    block(world, jail, "192.0.2.1", "10.0.0.0/8")
    assert {place(jail, "192.0.2.1"), place(jail, "10.0.0.0/8")} == banned(world)
    assert not world.arrives("192.0.2.1", "tcp", 22)
    assert {jail: 1} == dict(world.firewall.drops())


def test_kept_bans_outlive_their_process(world: World) -> None:
    wish(world, (place("sshd", "192.0.2.1"), Instant(world.now() + 600)), sshd=[SSH])
    world.restart(keep=True)
    assert not world.arrives("192.0.2.1", "tcp", 22)
    assert {"192.0.2.1": pytest.approx(600, abs=5)} == left(world)
    assert dict(world.firewall.drops()) == {"sshd": 1}
    wish(world, (place("sshd", "192.0.2.2"), Instant(world.now() + 600)), sshd=[SSH])
    assert {place("sshd", "192.0.2.2")} == banned(world)


def test_bans_that_are_not_kept_end_with_their_process(world: World) -> None:
    wish(world, (place("sshd", "192.0.2.1"), Instant(world.now() + 600)), sshd=[SSH])
    world.restart(keep=False)
    assert world.arrives("192.0.2.1", "tcp", 22)
    assert set() == banned(world)
    assert dict(world.firewall.drops()) == {}


def test_nothing_is_in_force_before_the_first_wish(world: World) -> None:
    assert set() == banned(world)
    assert dict(world.firewall.drops()) == {}


def test_a_flush_by_somebody_else_is_noticed_and_repaired(world: World) -> None:
    async def dialogue() -> None:
        ban = (place("sshd", "192.0.2.1"), Instant(world.now() + 600))
        wish(world, ban, sshd=[SSH])
        notice = asyncio.create_task(world.firewall.lost())
        await asyncio.sleep(0)
        world.vandalise()
        await asyncio.wait_for(notice, _DEADLINE_S)
        assert world.arrives("192.0.2.1", "tcp", 22)
        wish(world, ban, sshd=[SSH])
        assert not world.arrives("192.0.2.1", "tcp", 22)

    asyncio.run(dialogue())


def test_a_flush_that_nobody_waited_for_is_noticed_later_but_not_twice(world: World) -> None:
    async def dialogue() -> None:
        wish(world, sshd=[SSH])
        world.vandalise()
        await asyncio.wait_for(world.firewall.lost(), _DEADLINE_S)
        wish(world, sshd=[SSH])
        await _nothing_is_lost(world)

    asyncio.run(dialogue())


def test_our_own_changes_are_no_loss(world: World) -> None:
    async def dialogue() -> None:
        wish(world, (place("sshd", "192.0.2.1"), NEVER), sshd=[SSH])
        notice = asyncio.create_task(world.firewall.lost())
        await asyncio.sleep(0)
        block(world, "sshd", "192.0.2.2", "192.0.2.0/24")
        release(world, "sshd", "192.0.2.1", "192.0.2.2")
        wish(world, web=[WEB])
        await asyncio.sleep(0)
        assert not notice.done()
        notice.cancel()
        await asyncio.gather(notice, return_exceptions=True)
        await _nothing_is_lost(world)

    asyncio.run(dialogue())


async def _nothing_is_lost(world: World) -> None:
    """What has happened was heard: the kernel notifies before the call that caused it returns."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(world.firewall.lost(), 0.02)


def test_thousands_of_changes_are_made_at_once(world: World) -> None:
    many = [f"10.0.{number >> 8}.{number & 255}" for number in range(4000)]
    wish(world, sshd=[SSH])
    block(world, "sshd", *many)
    assert {place("sshd", one) for one in many} == banned(world)
    release(world, "sshd", *many[1:])
    assert {place("sshd", "10.0.0.0")} == banned(world)
