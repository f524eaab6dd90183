"""Dumps of the kernel's route netlink: messages and their attributes, as bytes.

Source: rtnetlink(7), netlink(7). A dump is answered from a snapshot in the kernel, so it cannot block; the
time limit is for kernels that answer nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from struct import Struct
from typing import Final

TIMEOUT_SECONDS: Final = 0.1

_HEADER: Final = Struct("=IHHII")  # length, type, flags, sequence, port
_ATTRIBUTE: Final = Struct("=HH")  # length, type
_REQUEST_DUMP: Final = 0x301
_ERROR: Final = 2
_DONE: Final = 3
_TYPE_MASK: Final = 0x3FFF  # the two bits above say "nested" and "big endian"


def dump(kind: int, request: bytes, most: int) -> Iterator[bytes]:
    """Yield the messages of a dump, without their headers, up to `most` of them."""
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE
    ) as link:
        link.settimeout(TIMEOUT_SECONDS)
        link.send(_HEADER.pack(_HEADER.size + len(request), kind, _REQUEST_DUMP, 1, 0) + request)
        count = 0
        while count < most:
            for message_kind, body in messages(link.recv(65_536)):
                if message_kind == _DONE:
                    return
                if message_kind == _ERROR:
                    raise OSError(
                        -int.from_bytes(body[:4], "little", signed=True), "the kernel refuses the dump"
                    )
                count += 1
                yield body


def messages(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Take a datagram apart: the type and the body of each message."""
    offset = 0
    while offset + _HEADER.size <= len(datagram):
        length, kind, *_ = _HEADER.unpack_from(datagram, offset)
        if length < _HEADER.size:
            return
        yield kind, datagram[offset + _HEADER.size : offset + length]
        offset += _aligned(length)


def attributes(body: bytes, offset: int) -> dict[int, bytes]:
    """Take the attributes of a message apart, by type."""
    found: dict[int, bytes] = {}
    while offset + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, offset)
        if length < _ATTRIBUTE.size:
            break
        found[kind & _TYPE_MASK] = body[offset + _ATTRIBUTE.size : offset + length]
        offset += _aligned(length)
    return found


def _aligned(length: int) -> int:
    return (length + 3) & ~3
