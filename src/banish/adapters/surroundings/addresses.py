"""The addresses of this machine, and the gateways of its default routes, as the kernel knows them.

Source: rtnetlink(7); numbers from linux/if_addr.h and linux/rtnetlink.h.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from struct import Struct
from typing import Final

from banish.adapters.surroundings.netlink import attributes, dump
from banish.core.model import Subject
from banish.core.subject import parse

MOST_ADDRESSES: Final = 20_000
MOST_ROUTES: Final = 10_000  # a router may have a million; the default routes come first in a table

_GET_ADDRESS: Final = 22
_ADDRESS: Final = Struct("=BBBBI")  # family, prefix length, flags, scope, interface
_IFA_ADDRESS: Final = 1
_IFA_LOCAL: Final = 2  # differs from IFA_ADDRESS on point-to-point links, where that one is the peer's

_GET_ROUTE: Final = 26
_ROUTE: Final = Struct("=8BI")  # family, destination length, …, type at the end of the bytes; flags
_RTN_UNICAST: Final = 1
_RTA_GATEWAY: Final = 5
_RTA_MULTIPATH: Final = 9
_RTA_VIA: Final = 18
_HOP: Final = Struct("=HBBi")  # length, flags, weight, interface


def own_addresses() -> Iterator[tuple[Subject, str]]:
    """Yield every address of every interface, and the interface's name."""
    for body in dump(_GET_ADDRESS, _ADDRESS.pack(0, 0, 0, 0, 0), MOST_ADDRESSES):
        yield from addresses_of(body)


def default_gateways() -> Iterator[Subject]:
    """Yield the gateway of every default route, of all families and tables."""
    for body in dump(_GET_ROUTE, _ROUTE.pack(*[0] * 9), MOST_ROUTES):
        yield from gateways_of(body)


def addresses_of(body: bytes) -> Iterator[tuple[Subject, str]]:
    """Yield the address that a message is about, if there is one, and the interface's name."""
    if len(body) < _ADDRESS.size:
        return
    *_, interface = _ADDRESS.unpack_from(body)
    found = attributes(body, _ADDRESS.size)
    packed = found.get(_IFA_LOCAL, found.get(_IFA_ADDRESS, b""))
    if len(packed) in {4, 16}:
        yield subject_of(packed), _name(interface)


def gateways_of(body: bytes) -> Iterator[Subject]:
    """Yield the gateways of one route, if it is a default route."""
    if len(body) < _ROUTE.size:
        return
    _, destination_length, *_, kind, _ = _ROUTE.unpack_from(body)
    if destination_length or kind != _RTN_UNICAST:
        return
    found = attributes(body, _ROUTE.size)
    yield from _gateway(found)
    hops = found.get(_RTA_MULTIPATH, b"")
    while len(hops) >= _HOP.size:
        length, *_ = _HOP.unpack_from(hops)
        yield from _gateway(attributes(hops[:length], _HOP.size))
        hops = hops[max(length, _HOP.size) :]


def subject_of(packed: bytes) -> Subject:
    """Return the canonical text of 4 or 16 bytes."""
    return parse(str(ip_address(packed)))


def _gateway(found: dict[int, bytes]) -> Iterator[Subject]:
    for packed in (found.get(_RTA_GATEWAY, b""), found.get(_RTA_VIA, b"")[2:]):
        if len(packed) in {4, 16}:
            yield subject_of(packed)


def _name(interface: int) -> str:
    try:
        return socket.if_indextoname(interface)
    except OSError:  # it has gone since
        return f"interface {interface}"
