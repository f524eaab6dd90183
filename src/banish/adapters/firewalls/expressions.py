"""The tests and verdicts of a rule, as the kernel's small machine runs them.

Written the way `nft` would write them, so that `nft list` knows them again: `tcp dport 22 jump …`.
Source: linux/netfilter/nf_tables.h; `nft --debug=netlink`.
"""

from __future__ import annotations

import struct

from banish.adapters.firewalls.elements import Kind
from banish.adapters.firewalls.netlink import attribute, nest, number, text

_NAME, _DATA = 1, 2  # NFTA_EXPR_…
_VALUE, _VERDICT = 1, 2  # NFTA_DATA_…
_REGISTER = 1  # NFT_REG_1, the only one that is needed
_NFPROTO, _L4PROTO = 15, 16  # NFT_META_…
_NETWORK, _TRANSPORT = 1, 2  # NFT_PAYLOAD_…_HEADER
_EQUAL, _AT_MOST, _AT_LEAST = 0, 3, 5  # NFT_CMP_…
_DROP, _JUMP = 0, -3  # NF_DROP, NFT_JUMP
_COUNTER = 1  # NFT_OBJECT_COUNTER
_FAMILIES = {4: 2, 6: 10}  # NFPROTO_IPV4, NFPROTO_IPV6
_SOURCE_OFFSETS = {4: 12, 6: 8}  # of the source address in the header: RFC 791, RFC 8200
_PORT_OFFSET = 2  # of the destination port: RFC 9293, RFC 768, RFC 9260, RFC 4340


def _expression(name: str, *fields: bytes) -> bytes:
    return nest(1, text(_NAME, name), nest(_DATA, *fields))  # NFTA_LIST_ELEM


def _meta(key: int) -> bytes:
    return _expression("meta", number(2, key), number(1, _REGISTER))


def _payload(base: int, offset: int, size: int) -> bytes:
    return _expression("payload", number(1, _REGISTER), number(2, base), number(3, offset), number(4, size))


def _compare(operator: int, value: bytes) -> bytes:
    return _expression("cmp", number(1, _REGISTER), number(2, operator), nest(3, attribute(_VALUE, value)))


def lookup(name: str, identity: int | None = None) -> bytes:
    """Go on only if what was loaded last is in the set; `identity` is that of a set of this transaction."""
    by_identity = b"" if identity is None else number(4, identity)
    return _expression("lookup", number(2, _REGISTER), text(1, name), by_identity)


def protocol() -> bytes:
    """Load the number of the transport protocol."""
    return _meta(_L4PROTO)


def port() -> bytes:
    """Load the destination port, if this is no later fragment."""
    return _payload(_TRANSPORT, _PORT_OFFSET, 2)


def source(kind: Kind) -> bytes:
    """Load what of the source address counts; go on only if it is of this family."""
    size = len(kind.mask)
    load = (
        _meta(_NFPROTO)
        + _compare(_EQUAL, bytes([_FAMILIES[kind.family]]))
        + _payload(_NETWORK, _SOURCE_OFFSETS[kind.family], size)
    )
    if kind.is_single:
        return load
    mask, flip = nest(4, attribute(_VALUE, kind.mask)), nest(5, attribute(_VALUE, bytes(size)))
    return load + _expression(
        "bitwise", number(1, _REGISTER), number(2, _REGISTER), number(3, size), mask, flip
    )


def equal(value: bytes) -> bytes:
    """Go on only if what was loaded last is `value`."""
    return _compare(_EQUAL, value)


def between(low: int, high: int) -> bytes:
    """Go on only if the port that was loaded last lies in a range."""
    if low == high:
        return equal(struct.pack(">H", low))
    return _compare(_AT_LEAST, struct.pack(">H", low)) + _compare(_AT_MOST, struct.pack(">H", high))


def count(name: str) -> bytes:
    """Count the packet in a counter that has a name."""
    return _expression("objref", number(1, _COUNTER), text(2, name))


def drop() -> bytes:
    """Drop the packet."""
    return _verdict(number(1, _DROP))


def jump(chain: str) -> bytes:
    """Go on in another chain, and behind this rule if that one lets the packet pass."""
    return _verdict(number(1, _JUMP), text(2, chain))


def _verdict(*fields: bytes) -> bytes:
    return _expression("immediate", number(1, 0), nest(2, nest(_VERDICT, *fields)))
