"""Netlink messages, and transactions with the kernel."""

from __future__ import annotations

import errno
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.firewalls import netlink
from banish.adapters.firewalls.netlink import (
    CREATE,
    LARGEST_PAYLOAD,
    Channel,
    Message,
    as_number,
    as_text,
    attribute,
    attributes,
    dump,
    nest,
    number,
    parse,
    size_of,
    text,
)

NEWTABLE, GETTABLE, DELTABLE, NEWSET, GETSET = (netlink.TABLES << 8 | kind for kind in (0, 1, 2, 9, 10))
INET = 1


def new_table(name: str) -> Message:
    return Message(NEWTABLE, text(1, name), CREATE, INET)


def tables() -> list[str]:
    return [as_text(dict(attributes(one.body))[1]) for one in dump(Message(GETTABLE, b"", family=INET))]


@given(st.lists(st.tuples(st.integers(0, 0x3FFF), st.binary(max_size=40))))
def test_attributes_are_read_as_they_were_written(pairs: list[tuple[int, bytes]]) -> None:
    assert list(attributes(b"".join(attribute(*pair) for pair in pairs))) == pairs


@given(st.binary(max_size=80))
def test_no_bytes_are_too_odd_to_be_read(octets: bytes) -> None:
    list(attributes(octets))
    list(parse(octets))


def test_a_message_that_is_cut_short_ends_the_list() -> None:
    head, family, body = netlink._request(new_table("t"), 7, 0)
    whole = head + family + body
    assert [received.sequence for received in parse(whole + whole)] == [7, 7]
    assert [received.message for received in parse(whole + whole[:-1])] == [
        Message(NEWTABLE, body, 0x401, INET)
    ]
    assert list(parse((8).to_bytes(4, "little") + bytes(12))) == []


def test_values_are_written_in_network_order() -> None:
    assert number(3, 258) == bytes([8, 0, 3, 0, 0, 0, 1, 2])
    assert number(3, -3)[4:] == bytes([255, 255, 255, 253])
    assert text(1, "abc") == bytes([8, 0, 1, 0]) + b"abc\0"
    assert nest(2, b"") == bytes([4, 0, 2, 0x80])
    assert as_number(bytes([1, 0])) == 256
    assert as_text(b"abc\0") == "abc"


@pytest.mark.root
@pytest.mark.usefixtures("netns")
class TestKernel:
    def test_a_transaction_is_done_as_a_whole(self) -> None:
        channel = Channel()
        channel.commit([new_table("one"), new_table("two")])
        channel.commit([new_table("three")])
        channel.commit([])
        assert sorted(tables()) == ["one", "three", "two"]
        assert channel.port == channel._socket.getsockname()[0] != 0
        channel.close()

    def test_a_transaction_that_fails_in_the_middle_does_nothing(self) -> None:
        channel = Channel()
        with pytest.raises(FileNotFoundError):
            channel.commit([new_table("one"), Message(DELTABLE, text(1, "none"), 0, INET), new_table("two")])
        with pytest.raises(FileNotFoundError):
            channel.commit([new_table("one"), Message(DELTABLE, text(1, "none"), 0, INET)])
        assert tables() == []
        channel.commit([new_table("three")])  # and the channel can be used on
        assert tables() == ["three"]
        channel.close()

    def test_the_first_error_is_told_with_the_words_of_the_kernel(self) -> None:
        channel = Channel()
        with pytest.raises(OSError, match=r".") as caught:
            channel.commit([new_table("one"), Message(NEWSET, text(1, "one"), CREATE, INET)])
        assert caught.value.errno == errno.EINVAL
        channel.close()

    def test_more_than_the_socket_can_send_is_an_error_and_the_limit_fits(self) -> None:
        channel = Channel()
        largest = Message(NEWTABLE, text(1, "one") + attribute(6, bytes(250)), CREATE, INET)
        channel.commit([largest] * (channel.limit // size_of(largest)))
        much = Message(NEWTABLE, attribute(6, bytes(LARGEST_PAYLOAD)), CREATE, INET)
        with pytest.raises(OSError, match="too long") as caught:
            channel.commit([much] * 600)
        assert caught.value.errno == errno.EMSGSIZE
        channel.close()

    def test_a_kernel_that_gives_no_answer_is_not_waited_for_beyond_the_deadline(self) -> None:
        channel = Channel()
        assert channel._socket.gettimeout() == netlink.DEADLINE_S
        channel._socket.settimeout(0.01)
        with pytest.raises(TimeoutError):
            channel._await(1, 3)
        channel.close()

    def test_a_late_answer_of_another_transaction_is_not_taken_for_this_ones(self) -> None:
        channel = Channel()
        late = netlink._request(Message(DELTABLE, text(1, "none"), netlink.ACK, INET), 9, 0)
        begin, end = netlink._mark(16, 9), netlink._mark(17, 9)
        channel._socket.send(begin + b"".join(late) + end)  # its refusal now waits to be read
        channel.commit([new_table("one")])
        assert tables() == ["one"]
        channel.close()

    def test_a_list_of_what_is_not_there_is_an_error(self) -> None:
        with pytest.raises(FileNotFoundError):
            list(dump(Message(GETSET, text(1, "none"), family=INET)))

    def test_a_list_that_others_change_meanwhile_says_so_at_its_end(self) -> None:
        channel = Channel()
        channel.commit([new_table(f"table-{at}-{'x' * 200}") for at in range(400)])
        listing = dump(Message(GETTABLE, b"", family=INET))
        assert next(listing).kind == NEWTABLE
        channel.commit([new_table("one")])
        with pytest.raises(InterruptedError):
            list(listing)
        channel.close()


def test_a_socket_that_cannot_be_set_up_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netlink, "_CAP_ACK", 9999)
    with pytest.raises(OSError, match="not available"):
        netlink.connect()


def test_a_buffer_grows_as_far_as_the_rights_go() -> None:
    class Guarded(socket.socket):
        """A socket as an ordinary user has it."""

        def setsockopt(self, *arguments: int) -> None:  # type: ignore[override]  # of its forms, the one in use
            if arguments[1] in netlink._FORCED.values():
                raise PermissionError(errno.EPERM, "no")
            super().setsockopt(*arguments)

    with Guarded(socket.AF_NETLINK, socket.SOCK_RAW, 12) as sock:
        netlink.widen(sock, socket.SO_SNDBUF, 20_000)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 40_000


def test_sockets_are_netlink_sockets() -> None:
    with netlink.connect() as sock:
        assert sock.family == socket.AF_NETLINK
