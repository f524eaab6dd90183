"""Hears when somebody else takes away what we enforce."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from banish.adapters.firewalls.netlink import connect, parse, widen
from banish.adapters.firewalls.ruleset import Nft, Ruleset

_GROUP = 7  # NFNLGRP_NFTABLES
_SOL_NETLINK, _JOIN, _LEAVE = 270, 1, 2  # NETLINK_ADD_MEMBERSHIP, NETLINK_DROP_MEMBERSHIP
_LOSSES = frozenset({
    Nft.DELTABLE, Nft.DELCHAIN, Nft.DELRULE, Nft.DELSET, Nft.DELSETELEM, Nft.DELOBJ,
    Nft.NEWTABLE,  # may have made it dormant
    Nft.NEWCHAIN, Nft.NEWRULE,  # may let pass what we would drop
})  # fmt: skip
_MOST_AT_ONCE = 1000  # datagrams; then the loop has its turn, however fast somebody makes changes
_RECEIVE_BYTES = 1 << 16
_BUFFER_BYTES = 4 << 20
_ATTACH_FILTER = 26  # SO_ATTACH_FILTER
_LOAD_WORD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
_PORT_AT = 12  # nlmsg_pid in nlmsghdr


class Watch:
    """A socket to the kernel's notifications; changes that come from the socket `own_port` are no news.

    The kernel leaves our own out before they reach the buffer, so that none of them can overflow it.
    """

    def __init__(self, rules: Ruleset, own_port: int) -> None:
        self._rules = rules
        self._own_port = own_port
        self._socket = connect()
        try:
            self._prepare(own_port)
        except OSError:
            self._socket.close()
            raise

    def _prepare(self, own_port: int) -> None:
        self._socket.settimeout(0)
        widen(self._socket, socket.SO_RCVBUF, _BUFFER_BYTES)
        _ignore(self._socket, own_port)
        self._socket.setsockopt(_SOL_NETLINK, _JOIN, _GROUP)

    async def wait(self) -> None:
        """Return when something was lost since the last `forget` or `wait`; for one waiter at a time."""
        loop = asyncio.get_running_loop()
        while not self.forget():
            readable = loop.create_future()
            loop.add_reader(self._socket, _wake, readable)
            try:
                await readable
            finally:
                loop.remove_reader(self._socket)

    def forget(self) -> bool:
        """Read what has been heard, and return whether something was lost."""
        is_lost = False
        for _ in range(_MOST_AT_ONCE):
            try:
                datagram = self._socket.recv(_RECEIVE_BYTES)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                is_lost = True  # the buffer overflowed: whatever was in there may have been about us
                continue
            is_lost = is_lost or self._tells_loss(datagram)
        return is_lost

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hear nothing meanwhile: where nobody listens, the kernel writes no notifications.

        With a million elements that is 1 s instead of 7 s.
        """
        self._socket.setsockopt(_SOL_NETLINK, _LEAVE, _GROUP)
        try:
            yield
        finally:
            self._socket.setsockopt(_SOL_NETLINK, _JOIN, _GROUP)

    def close(self) -> None:
        """Close the socket; nobody may be waiting."""
        self._socket.close()

    def _tells_loss(self, datagram: bytes) -> bool:
        return any(
            heard.port != self._own_port and heard.message.kind in _LOSSES and self._rules.owns(heard.message)
            for heard in parse(datagram)
        )


def _wake(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)


def _ignore(sock: socket.socket, port: int) -> None:
    """Have the kernel drop notifications of changes that came from `port`: one datagram has one origin."""
    (as_loaded,) = struct.unpack(">L", struct.pack("=L", port))  # a filter loads words in network order
    program = b"".join(
        struct.pack("=HBBL", *instruction)
        for instruction in (
            (_LOAD_WORD, 0, 0, _PORT_AT),
            (_IF_EQUAL, 0, 1, as_loaded),
            (_RETURN, 0, 0, 0),
            (_RETURN, 0, 0, 0xFFFFFFFF),
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    sock.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, description)
