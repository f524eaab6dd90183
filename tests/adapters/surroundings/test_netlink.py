from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.surroundings.netlink import attributes, dump, messages


def test_a_dump_brings_the_loopback_interface() -> None:
    bodies = list(dump(18, bytes(16), 1000))  # RTM_GETLINK
    assert any(attributes(body, 16).get(3) == b"lo\0" for body in bodies)  # IFLA_IFNAME


def test_a_dump_brings_no_more_than_asked() -> None:
    assert len(list(dump(22, bytes(8), 1))) >= 1
    assert list(dump(22, bytes(8), 0)) == []


def test_a_refused_dump_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="refuses"):
        list(dump(4094, bytes(16), 10))


def test_messages_and_attributes_are_taken_apart() -> None:
    first = (18).to_bytes(4, "little") + (20).to_bytes(2, "little") + bytes(10) + b"ab" + bytes(2)
    second = (16).to_bytes(4, "little") + (3).to_bytes(2, "little") + bytes(10)
    assert list(messages(first + second)) == [(20, b"ab"), (3, b"")]
    pair = b"\x06\x00\x05\x80xy\x00\x00" + b"\x05\x00\x02\x00z"
    assert attributes(b"head" + pair, 4) == {5: b"xy", 2: b"z"}


@given(st.binary(max_size=200))
def test_no_bytes_make_it_hang_or_raise(data: bytes) -> None:
    list(messages(data))
    attributes(data, 0)


def test_a_length_of_nothing_ends_the_reading() -> None:
    assert list(messages(bytes(32))) == []
    assert attributes(bytes(8), 0) == {}


@given(st.lists(st.tuples(st.integers(4, 8), st.integers(1, 9)), max_size=20))
def test_lengths_that_lie_end_the_reading(headers: list[tuple[int, int]]) -> None:
    data = b"".join(length.to_bytes(2, "little") + kind.to_bytes(2, "little") for length, kind in headers)
    assert len(attributes(data, 0)) <= len(headers)


def test_the_numbers_are_those_of_this_system() -> None:
    assert socket.NETLINK_ROUTE == 0
