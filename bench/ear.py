"""Hears what is put into the kernel's sets, by whatever program, at the moment it is there."""

from __future__ import annotations

import errno
import socket
import struct
import subprocess
import time
from collections.abc import Iterable, Iterator
from typing import Final, Self

from banish.adapters.firewalls.elements import decode
from banish.adapters.firewalls.netlink import as_number, attributes, connect, dump, parse, widen
from banish.adapters.firewalls.nftables import Nftables
from banish.adapters.firewalls.ruleset import Nft, Ruleset
from banish.core.model import Instant
from bench.errors import SilenceError, TrialError

_GROUP: Final = 7  # NFNLGRP_NFTABLES
_SOL_NETLINK, _JOIN = 270, 1
_BUFFER_BYTES: Final = 256 << 20  # 15,000 changes take some 20 MB of it
_DATAGRAM_BYTES: Final = 1 << 16
_ELEMENTS: Final = 3  # NFTA_SET_ELEM_LIST_ELEMENTS
_VALUE: Final = struct.pack("=HH", 8, 1)  # what stands before a key: NFTA_DATA_VALUE, of 8 bytes with itself
_FEW: Final = 10
_SET_COUNT: Final = 20  # NFTA_SET_COUNT, since Linux 6.16


class Ear:
    """A socket to the kernel's notifications, to be used as a context."""

    def __init__(self) -> None:
        self._socket = connect()
        widen(self._socket, socket.SO_RCVBUF, _BUFFER_BYTES)
        self._socket.setsockopt(_SOL_NETLINK, _JOIN, _GROUP)
        self._heard: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def await_all(self, whom: Iterable[str], patience: float) -> float:
        """Return at which time (monotonic) the last of these addresses was put into a set.

        What is heard is read at once and looked into when nothing more comes, so that looking costs no time.
        Where few are awaited among many others, what tells of others is not even unpacked.
        """
        keys = map(socket.inet_aton, whom)
        missing = {key for key in keys if not any(_tells_of(datagram, {key}) for datagram in self._heard)}
        deadline = time.monotonic() + patience
        at = time.monotonic()
        while missing:
            if at > deadline:
                raise _silence(len(missing))
            for arrived, datagram in self._gather(deadline, len(missing)):
                self._heard.append(datagram)
                there = _tells_of(datagram, missing)
                if there:
                    missing, at = missing - there, arrived
        return at

    def has_heard(self, address: str) -> bool:
        """Whether this address was put into a set while others were awaited."""
        key = socket.inet_aton(address)
        return any(_tells_of(datagram, {key}) for datagram in self._heard)

    def _gather(self, deadline: float, missing: int) -> list[tuple[float, bytes]]:
        """Return all that is there, each with the time of its arrival; at least one."""
        heard: list[tuple[float, bytes]] = []
        self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        while True:
            try:
                datagram = self._socket.recv(_DATAGRAM_BYTES)
            except BlockingIOError:
                return heard
            except TimeoutError:
                raise _silence(missing) from None
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                raise TrialError("the kernel told more than the buffer holds") from error
            heard.append((time.monotonic(), datagram))
            self._socket.settimeout(0)


def _silence(missing: int) -> SilenceError:
    return SilenceError(f"{missing} addresses are not in the kernel in spite of all patience")


def _tells_of(datagram: bytes, keys: set[bytes]) -> set[bytes]:
    """Return which of these the kernel tells of."""
    if len(keys) <= _FEW and not any(_VALUE + key in datagram for key in keys):
        return set()
    return keys & set(_put(datagram))


def _put(datagram: bytes) -> Iterator[bytes]:
    for heard in parse(datagram):
        if heard.message.kind == Nft.NEWSETELEM:
            elements = dict(attributes(heard.message.body)).get(_ELEMENTS, b"")
            yield from (key for key, _ in decode(elements, Instant(0)))


def count(table: str) -> int:
    """Return how many elements the sets of a table hold; quick where the kernel counts them itself."""
    rules = Ruleset(table)
    found = 0
    for answer in dump(rules.ask(Nft.GETSET)):
        if rules.owns(answer):
            fields = dict(attributes(answer.body))
            if _SET_COUNT not in fields:
                return _count_one_by_one(table)
            found += as_number(fields[_SET_COUNT])
    return found


def _count_one_by_one(table: str) -> int:
    firewall = Nftables(table)
    try:
        return sum(1 for _ in firewall.bans(Instant(time.time())))
    finally:
        firewall.close(keep=True)


def forget_everything() -> None:
    """Empty the firewall of this namespace, which is ours alone."""
    subprocess.run(("nft", "flush", "ruleset"), check=True)
