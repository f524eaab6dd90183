"""What only the firewall in memory has."""

from __future__ import annotations

import asyncio

import pytest

from banish.adapters.firewalls.memory import Memory
from banish.core.config import Scope
from banish.core.errors import EnforceError
from banish.core.model import NEVER, Instant, Place, Subject

SSH = Scope("tcp", ((22, 22),))
NOW = Instant(1000.0)


def place(number: int) -> Place:
    return Place("sshd", Subject(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))


def test_bans_that_are_over_are_forgotten_before_they_become_many() -> None:
    memory = Memory()
    memory.replace({"sshd": [SSH]}, [(place(0), NEVER)], NOW)
    for number in range(1, 10_000):
        now = Instant(NOW + number)
        memory.apply([(place(number), Instant(now + 10))], [], now)
    assert sum(map(len, memory._ends.values())) <= 1025
    assert place(0) in dict(memory.bans(NOW))


def test_what_cannot_be_enforced_is_left_out() -> None:
    memory, strange = Memory(), Place("web", Subject("192.0.2.1"))
    anna, over = Place("sshd", Subject("anna")), (place(1), NOW)
    memory.replace({"sshd": [SSH], "web": []}, [(strange, NEVER), (anna, NEVER), over], NOW)
    memory.apply([(strange, NEVER), (anna, NEVER), over], [anna, strange, place(2)], NOW)
    assert list(memory.bans(NOW)) == []


def test_a_release_lets_in_again_and_an_end_comes_by_itself() -> None:
    memory = Memory()
    memory.replace({"sshd": [SSH]}, [(place(1), NEVER), (place(2), Instant(NOW + 5))], NOW)
    memory.apply([], [place(1)], NOW)
    assert not memory.arrives(place(1).subject, "tcp", 22, NOW)
    assert memory.arrives(place(2).subject, "tcp", 22, NOW)
    assert not memory.arrives(place(2).subject, "tcp", 22, Instant(NOW + 5))
    assert list(memory.bans(Instant(NOW + 5))) == []


def test_a_packet_from_no_address_is_let_in() -> None:
    memory = Memory()
    memory.replace({"sshd": [SSH]}, [], NOW)
    assert not memory.arrives(Subject("anna"), "tcp", 22, NOW)


def test_a_packet_is_dropped_by_the_first_jail_that_means_it() -> None:
    memory = Memory()
    both = [(Place(jail, Subject("192.0.2.1")), NEVER) for jail in ("first", "second")]
    memory.replace({"first": [SSH], "second": [Scope()]}, both, NOW)
    assert memory.arrives(Subject("192.0.2.1"), "tcp", 22, NOW)
    assert memory.arrives(Subject("192.0.2.1"), "icmp", 0, NOW)
    assert memory.drops() == {"first": 1, "second": 1}


def test_a_kept_firewall_goes_on_and_another_ends() -> None:
    memory = Memory()
    memory.replace({"sshd": [SSH]}, [(place(1), NEVER)], NOW)
    memory.close(keep=True)
    assert memory.arrives(place(1).subject, "tcp", 22, NOW)
    memory.close(keep=False)
    assert not memory.arrives(place(1).subject, "tcp", 22, NOW)


def test_after_a_flush_a_new_wish_is_needed() -> None:
    memory = Memory()
    memory.replace({"sshd": [SSH]}, [], NOW)
    memory.flush()
    memory.flush()
    asyncio.run(memory.lost())
    with pytest.raises(EnforceError):
        memory.apply([(place(1), NEVER)], [], NOW)


def test_each_waiter_in_turn_is_told() -> None:
    async def dialogue() -> None:
        memory = Memory()
        for _ in range(2):
            waiter = asyncio.create_task(memory.lost())
            await asyncio.sleep(0)
            memory.flush()
            memory.flush()
            await asyncio.wait_for(waiter, 5)
        waiter = asyncio.create_task(memory.lost())
        await asyncio.sleep(0)
        assert not waiter.done()
        waiter.cancel()

    asyncio.run(dialogue())
