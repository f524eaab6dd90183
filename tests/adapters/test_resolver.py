from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.resolver import (
    _NAME,
    CACHED_NAMES,
    CACHED_SECONDS,
    MOST_ADDRESSES,
    Resolver,
    look_up,
)
from banish.adapters.workers import Workers


class Names:
    """A resolver with a name server made of a dictionary, and a clock."""

    def __init__(self) -> None:
        self.workers = Workers("names", threads=2, most_waiting=9)
        self.now = 0.0
        self.asked: list[str] = []
        self.families: list[int] = []
        self.zone = {"a.example": ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0"]}
        self.freed = threading.Event()
        self.resolver = self.make(has_ipv6=True)

    def make(self, *, has_ipv6: bool) -> Resolver:
        return Resolver(self.workers, has_ipv6=has_ipv6, lookup=self.lookup, clock=lambda: self.now)

    def lookup(self, name: str, family: socket.AddressFamily) -> list[str]:
        self.asked.append(name)
        self.families.append(family)
        if name == "broken.example":
            raise RuntimeError(name)
        if name == "slow.example":
            self.freed.wait(10)
            return ["192.0.2.9"]
        return self.zone.get(name, [])

    def resolve(self, *names: str) -> list[tuple[str, ...]]:
        async def scene() -> list[tuple[str, ...]]:
            return [await self.resolver.resolve(name) for name in names]

        return asyncio.run(scene())


@pytest.fixture
def names() -> Iterator[Names]:
    made = Names()
    yield made
    made.workers.close()


def test_a_name_has_its_addresses_canonical_and_each_once(names: Names) -> None:
    assert names.resolve("a.example") == [("192.0.2.1", "2001:db8::1")]


def test_an_address_is_its_own_answer(names: Names) -> None:
    assert names.resolve("2001:DB8::7", "192.0.2.7") == [("2001:db8::7",), ("192.0.2.7",)]
    assert names.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "1",
        "0x7f.1",
        "999.1.1.1",
        "a.0x",
        "a..b",
        ".a",
        "a b",
        "a\x00b",
        "a/b",
        "x" * 64,
        "a." * 130,
        "a%eth0",
    ],
)
def test_what_is_no_name_is_not_asked_for(names: Names, text: str) -> None:
    assert names.resolve(text) == [()]
    assert names.asked == []


@pytest.mark.parametrize(
    "text", ["a", "a.example.", "xn--abc.example", "4u.example", "1.2.3.x", "ü.example", "_a.b"]
)
def test_what_may_be_a_name_is_asked_for(names: Names, text: str) -> None:
    names.resolve(text)
    assert names.asked == [text]


def test_answers_are_remembered_even_if_there_is_none(names: Names) -> None:
    names.resolve("a.example", "none.example", "a.example", "none.example")
    assert names.asked == ["a.example", "none.example"]
    names.now = CACHED_SECONDS
    names.resolve("a.example")
    assert names.asked[2:] == ["a.example"]


def test_only_so_many_names_are_remembered_the_latest(names: Names) -> None:
    names.resolve("first.example", *(f"{n}.example" for n in range(CACHED_NAMES)))
    names.asked.clear()
    names.resolve("0.example", "first.example")
    assert names.asked == ["first.example"]


def test_only_so_many_addresses_are_taken_from_one_name(names: Names) -> None:
    names.zone["big.example"] = [f"10.0.{n >> 8}.{n & 255}" for n in range(5000)]
    assert [len(found) for found in names.resolve("big.example")] == [MOST_ADDRESSES]


def test_ipv6_is_asked_for_only_where_it_is_allowed(names: Names) -> None:
    names.resolve("a.example")
    names.resolver = names.make(has_ipv6=False)
    names.resolve("a.example")
    assert names.families == [socket.AF_UNSPEC, socket.AF_INET]


def test_a_name_that_takes_too_long_has_none_yet_and_is_not_asked_for_twice(names: Names) -> None:
    async def scene() -> None:
        assert await names.resolver.resolve("slow.example", 0.01) == ()
        assert await names.resolver.resolve("slow.example", 0.01) == ()
        waiting = asyncio.ensure_future(names.resolver.resolve("slow.example"))
        assert await names.resolver.resolve("a.example") != ()  # others are not held up
        names.freed.set()
        assert await waiting == ("192.0.2.9",)
        assert await names.resolver.resolve("slow.example", 0) == ("192.0.2.9",)
        assert names.asked == ["slow.example", "a.example"]

    asyncio.run(scene())


def test_an_answer_that_is_given_up_or_broken_is_not_remembered(names: Names) -> None:
    async def scene() -> None:
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await names.resolver.resolve("broken.example")
        assert names.asked == ["broken.example"] * 2
        names.resolver._ask("a.example").cancel()
        assert await names.resolver.resolve("b.example") == ()
        assert "a.example" not in names.resolver._known

    asyncio.run(scene())


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in look_up("localhost", socket.AF_INET)


@pytest.mark.parametrize("name", ["x" * 300, "a..b", "\ud800", "a\x00b"])
def test_a_name_that_cannot_be_asked_for_has_no_addresses(name: str) -> None:
    assert look_up(name, socket.AF_INET) == []


@given(st.text(max_size=300))
def test_no_text_takes_long_to_be_judged(text: str) -> None:
    assert (_NAME.fullmatch(text) is None) or len(text) <= 253
