"""Netlink messages and the socket to the kernel's nfnetlink; knows nothing about bans.

A transaction is one datagram, so the kernel takes all of it or nothing. It answers while we send: when
`commit` begins to read, every answer is there, and the deadline is for a kernel that behaves otherwise.
Source: linux/netlink.h, linux/netfilter/nfnetlink.h, net/netfilter/nfnetlink.c.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

REQUEST, ACK, DUMP, CREATE, APPEND = 0x1, 0x4, 0x300, 0x400, 0x800  # NLM_F_…
NESTED = 0x8000  # NLA_F_NESTED
LARGEST_PAYLOAD = 0xFFFF - 4  # an attribute's length has 16 bits and includes its head
DEADLINE_S = 10.0

TABLES = 10  # NFNL_SUBSYS_NFTABLES: the upper byte of its messages' kinds

_FIRST_OF_SUBSYSTEMS = 0x100  # below are netlink's own kinds, which have no family
_ERROR, _DONE, _BATCH_BEGIN, _BATCH_END = 2, 3, 16, 17
_CAPPED_WITH_TEXT = 0x300  # NLM_F_CAPPED, NLM_F_ACK_TLVS
_INTERRUPTED = 0x10  # NLM_F_DUMP_INTR
_ERROR_TEXT = 1  # NLMSGERR_ATTR_MSG
_SOL_NETLINK, _CAP_ACK, _EXT_ACK = 270, 10, 11
_NETLINK_NETFILTER = 12
_FORCED = {socket.SO_SNDBUF: 32, socket.SO_RCVBUF: 33}  # SO_SNDBUFFORCE, SO_RCVBUFFORCE
_WANTED_SEND_BYTES = 8 << 20
_TRANSACTION_BYTES = 4 << 20  # some 35,000 changes of bans; the kernel takes about 0.2 s for them
_RECEIVE_BYTES = 1 << 16  # a dump comes in pieces of at most 32 KiB

_HEAD = struct.Struct("=LHHLL")  # nlmsghdr: length, type, flags, sequence, port
_FAMILY = struct.Struct(">BBH")  # nfgenmsg: family, version, subsystem
_ATTRIBUTE = struct.Struct("=HH")  # nlattr: length with head, type
_CODE = struct.Struct("=l")
_OVERHEAD = _HEAD.size + _FAMILY.size


class Message(NamedTuple):
    """One request or answer: `kind` is the subsystem and its own number, `body` its attributes."""

    kind: int
    body: bytes
    flags: int = 0
    family: int = 0


class Received(NamedTuple):
    """A message as it came, with the port of the socket that caused it."""

    message: Message
    sequence: int
    port: int


def attribute(kind: int, payload: bytes) -> bytes:
    """Encode one attribute, padded to four bytes."""
    size = len(payload) + 4
    return _ATTRIBUTE.pack(size, kind) + payload + bytes(-size % 4)


def nest(kind: int, *attributes: bytes) -> bytes:
    """Encode an attribute that holds attributes."""
    return attribute(kind | NESTED, b"".join(attributes))


def text(kind: int, value: str) -> bytes:
    """Encode a string, ended by a null byte."""
    return attribute(kind, value.encode("ascii") + b"\0")


def number(kind: int, value: int) -> bytes:
    """Encode a 32-bit number in network order."""
    return attribute(kind, struct.pack(">l" if value < 0 else ">L", value))


def attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Decode attributes in their order; what is cut short ends the list."""
    at, end = 0, len(body)
    while at + 4 <= end:
        size, kind = _ATTRIBUTE.unpack_from(body, at)
        if size < 4 or at + size > end:
            return
        yield kind & 0x3FFF, body[at + 4 : at + size]
        at += (size + 3) & ~3


def as_text(payload: bytes) -> str:
    """Decode a string attribute."""
    return payload.rstrip(b"\0").decode("utf-8", "replace")


def as_number(payload: bytes) -> int:
    """Decode a number in network order, of whatever width."""
    return int.from_bytes(payload, "big")


def size_of(message: Message) -> int:
    """Return the bytes that `message` takes in a transaction."""
    return len(message.body) + _OVERHEAD


def parse(datagram: bytes) -> Iterator[Received]:
    """Split what came from the kernel in one read; what is cut short ends it."""
    at, end = 0, len(datagram)
    while at + _HEAD.size <= end:
        size, kind, flags, sequence, port = _HEAD.unpack_from(datagram, at)
        if size < _HEAD.size or at + size > end:
            return
        has_family = kind >= _FIRST_OF_SUBSYSTEMS and size >= _OVERHEAD
        body_at, family = (at + _OVERHEAD, datagram[at + _HEAD.size]) if has_family else (at + _HEAD.size, 0)
        yield Received(Message(kind, datagram[body_at : at + size], flags, family), sequence, port)
        at += (size + 3) & ~3


def connect() -> socket.socket:
    """Open a socket to nfnetlink, with its deadline."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)
    try:
        sock.setsockopt(_SOL_NETLINK, _CAP_ACK, 1)
        sock.setsockopt(_SOL_NETLINK, _EXT_ACK, 1)
        sock.bind((0, 0))
    except OSError:
        sock.close()
        raise
    sock.settimeout(DEADLINE_S)
    return sock


def widen(sock: socket.socket, option: int, size_bytes: int) -> None:
    """Give a socket a larger buffer; in a private user namespace no more than net.core.[rw]mem_max."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _FORCED[option], size_bytes)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, option, size_bytes)


class Channel:
    """A socket for transactions. All errors are `OSError`, with the kernel's own words where it has some."""

    def __init__(self) -> None:
        self._socket = connect()
        self._sequence = 0
        widen(self._socket, socket.SO_SNDBUF, _WANTED_SEND_BYTES)
        sendable = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        self.limit = min(_TRANSACTION_BYTES, sendable - 4096)
        """Bytes of messages, as `size_of` counts them, that fit into one transaction."""

    @property
    def port(self) -> int:
        """The number under which the kernel knows this socket, and names it in notifications."""
        port: int = self._socket.getsockname()[0]
        return port

    def commit(self, messages: Iterable[Message]) -> None:
        """Have all of it done, or nothing."""
        first = self._sequence = (self._sequence + 1) & 0x7FFFFFFF
        parts = [_mark(_BATCH_BEGIN, first)]
        pending: Message | None = None
        for message in messages:
            if pending is not None:
                parts += _request(pending, first + 1, 0)
            pending = message
        if pending is None:
            return
        # Answers of a transaction: an error for each message that failed, and one for the last in any case.
        parts += [*_request(pending, first + 2, ACK), _mark(_BATCH_END, first + 2)]
        self._sequence = first + 2
        self._socket.send(b"".join(parts))
        self._await(first, first + 2)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _await(self, first: int, last: int) -> None:
        """Read until the answer of the last message, or one for the whole; raise the first error."""
        refused: OSError | None = None
        while True:
            for answer in parse(self._socket.recv(_RECEIVE_BYTES)):
                if answer.message.kind != _ERROR or not first <= answer.sequence <= last:
                    continue  # a late answer, of a transaction that was given up
                refused = refused or _error(answer.message)
                if answer.sequence == first + 1:
                    continue
                if refused is not None:
                    raise refused
                return


def dump(message: Message) -> Iterator[Message]:
    """Ask for a list and yield its entries; the kernel holds no more of it ready than one read.

    It is no snapshot: what changes meanwhile may be missed. Where the kernel says so, the error is EINTR, and
    comes after the last entry. Uses a socket of its own, so that transactions can go on meanwhile.
    """
    with connect() as sock:
        sock.send(b"".join(_request(message, 1, DUMP)))
        interrupted = False
        while True:
            for answer in parse(sock.recv(_RECEIVE_BYTES)):
                interrupted = interrupted or bool(answer.message.flags & _INTERRUPTED)
                if answer.message.kind in {_ERROR, _DONE}:
                    _finish(answer.message, interrupted=interrupted)
                    return
                yield answer.message


def _finish(last: Message, *, interrupted: bool) -> None:
    refused = _error(last)
    if refused is not None:
        raise refused
    if interrupted:
        raise OSError(errno.EINTR, os.strerror(errno.EINTR))


def _request(message: Message, sequence: int, flags: int) -> tuple[bytes, bytes, bytes]:
    head = _HEAD.pack(size_of(message), message.kind, REQUEST | flags | message.flags, sequence, 0)
    return head, _FAMILY.pack(message.family, 0, 0), message.body


def _mark(kind: int, sequence: int) -> bytes:
    return _HEAD.pack(_OVERHEAD, kind, REQUEST, sequence, 0) + _FAMILY.pack(0, 0, TABLES)


def _error(answer: Message) -> OSError | None:
    """Return what an nlmsgerr, or the end of a dump, says."""
    code = -_CODE.unpack_from(answer.body)[0]
    if code == 0:
        return None
    words = ""
    if answer.flags & _CAPPED_WITH_TEXT == _CAPPED_WITH_TEXT:
        details = dict(attributes(answer.body[4 + _HEAD.size :]))
        words = as_text(details.get(_ERROR_TEXT, b""))
    return OSError(code, words or os.strerror(code))
