"""Elements of sets: a subject as the kernel keeps it, with the time it has left, and back.

There is one set for each length of prefix: a single address is a network of full length, and networks may
lie within each other, which interval sets refuse. A lookup masks the address and asks a hash.
"""

from __future__ import annotations

import math
import socket
import struct
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address
from typing import NamedTuple

from banish.adapters.firewalls.netlink import LARGEST_PAYLOAD, NESTED, as_number, attributes
from banish.core.model import NEVER, Instant, Subject

PERMANENT_MS = 0
SHORTEST_MS = 20
"""The kernel counts in ticks of up to 10 ms, and would take less than one tick for no timeout at all."""
LONGEST_MS = 100 * 365 * 86_400_000
"""A hundred years: well below the 584 at which the kernel answers ERANGE."""

_ELEMENT, _KEY, _TIMEOUT, _EXPIRATION, _VALUE = 1, 1, 4, 5, 1  # NFTA_LIST_ELEM, NFTA_SET_ELEM_…, NFTA_DATA_…
_BITS = {4: 32, 6: 128}
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class Kind(NamedTuple):
    """What fits into one set: the family of addresses (4 or 6) and the length of their prefix."""

    family: int
    length: int

    @property
    def mask(self) -> bytes:
        """The bits that count, as many bytes as an address has."""
        bits = _BITS[self.family]
        return ((1 << bits) - (1 << bits - self.length)).to_bytes(bits // 8, "big")

    @property
    def is_single(self) -> bool:
        """Whether it is for single addresses."""
        return self.length == _BITS[self.family]


HOST4, HOST6 = Kind(4, 32), Kind(6, 128)


def locate(subject: Subject) -> tuple[Kind, bytes] | None:
    """Return which kind of set `subject` belongs to and its key there, or nothing if it is no address.

    Takes the canonical text, and no other notation of IPv4 than four decimal numbers.
    """
    try:
        if ":" not in subject:
            return HOST4, socket.inet_pton(socket.AF_INET, subject)
        return HOST6, socket.inet_pton(socket.AF_INET6, subject)
    except (OSError, ValueError):  # ValueError: a null character, or one that UTF-8 cannot write
        return _locate_network(subject)


def _locate_network(subject: str) -> tuple[Kind, bytes] | None:
    head, slash, tail = subject.partition("/")
    family = 6 if ":" in head else 4
    if not slash or not (tail.isascii() and tail.isdigit() and len(tail) <= 3) or int(tail) > _BITS[family]:
        return None
    try:
        address = socket.inet_pton(_FAMILIES[family], head)
    except (OSError, ValueError):
        return None
    kind = Kind(family, int(tail))
    return kind, masked(kind, address)


def masked(kind: Kind, address: bytes) -> bytes:
    """Clear the bits of `address` that do not count."""
    return bytes(octet & bits for octet, bits in zip(address, kind.mask, strict=True))


def name(kind: Kind, key: bytes) -> Subject:
    """Return the subject of a key, in canonical text."""
    address = socket.inet_ntop(_FAMILIES[kind.family], key)
    if kind.family == 6 and "." in address:  # `::1.2.3.4`, an outdated notation
        address = str(IPv6Address(key))
    return Subject(address if kind.is_single else f"{address}/{kind.length}")


def milliseconds(until: Instant, now: Instant) -> int | None:
    """Return the timeout of a ban, `PERMANENT_MS` if it has none, or nothing if it is over."""
    left = until - now
    if not left > 0:
        return None
    if left == math.inf:
        return PERMANENT_MS
    return min(max(math.ceil(left * 1000), SHORTEST_MS), LONGEST_MS)


def _shapes(width: int) -> tuple[struct.Struct, bytes, bytes, bytes]:
    """Return how an element is packed, for keys of this many bytes, and its constant parts."""
    attribute = struct.Struct("=HH")
    value = attribute.pack(width + 8, _KEY | NESTED) + attribute.pack(width + 4, _VALUE)
    lasting = attribute.pack(width + 12, _ELEMENT | NESTED) + value
    timed = attribute.pack(width + 24, _ELEMENT | NESTED) + attribute.pack(12, _TIMEOUT)
    return struct.Struct(f">8sQ8s{width}s"), timed, value, lasting


_SHAPES = {width: _shapes(width) for width in (4, 16)}


def encode(key: bytes, timeout_ms: int = PERMANENT_MS) -> bytes:
    """Encode one element of a list."""
    shape, timed, value, lasting = _SHAPES[len(key)]
    if timeout_ms == PERMANENT_MS:
        return lasting + key
    return shape.pack(timed, timeout_ms, value, key)


def lists(elements: Iterable[bytes]) -> Iterator[bytes]:
    """Join elements to lists that fit into one attribute."""
    gathered = bytearray()
    for element in elements:
        if len(gathered) + len(element) > LARGEST_PAYLOAD:
            yield bytes(gathered)
            gathered.clear()
        gathered += element
    if gathered:
        yield bytes(gathered)


def decode(elements: bytes, now: Instant) -> Iterator[tuple[bytes, Instant]]:
    """Decode a list of elements to keys and the ends of their time."""
    for _, element in attributes(elements):
        fields = dict(attributes(element))
        if _KEY not in fields:  # the catch-all element, which only others could have put there
            continue
        timeout, left = fields.get(_TIMEOUT), fields.get(_EXPIRATION)
        until = NEVER if timeout is None or left is None else Instant(now + as_number(left) / 1000)
        yield fields[_KEY][4:], until
