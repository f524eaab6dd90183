"""The messages that make and remove a table and what is in it; each function returns what it takes.

Only this module knows how the house is built: one chain sees every packet, before connection tracking and
before any address is translated, and sends what a jail protects to the chain of that jail, which asks its
sets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from banish.adapters.firewalls import expressions as ex
from banish.adapters.firewalls.elements import Kind
from banish.adapters.firewalls.names import GATE
from banish.adapters.firewalls.netlink import (
    APPEND,
    CREATE,
    TABLES,
    Message,
    as_text,
    attribute,
    attributes,
    nest,
    number,
    text,
)
from banish.adapters.firewalls.scopes import HIGHEST_PORT, Reach

INET = 1  # NFPROTO_INET: IPv4 and IPv6

PREROUTING = 0  # NF_INET_PRE_ROUTING
PRIORITY = -310
"""Behind the reassembly of fragments (-400), before `raw` (-300), connection tracking (-200), and the
translation of destinations (-100): established connections and published containers are cut as well."""

_TABLE = 1  # NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, …: the first attribute of whatever is in a table
_IPV4, _IPV6, _PROTOCOL, _PORT = 7, 8, 12, 13  # types of keys: only `nft` reads them
_ANONYMOUS, _CONSTANT, _INTERVAL, _TIMEOUT = 0x1, 0x2, 0x4, 0x10  # NFT_SET_…
_INTERVAL_END = 1  # NFT_SET_ELEM_INTERVAL_END
_COUNTER = 1  # NFT_OBJECT_COUNTER
GC_MS = 60_000  # NFTA_SET_GC_INTERVAL: by default a million elements are walked every second; one whose time
# is over keeps nobody out, even before it is cleared away
_BIG_ENDIAN = struct.pack("=BBL", 0, 4, 2)  # NFTNL_UDATA_SET_KEYBYTEORDER, as `nft` leaves it for itself
_KEY_TYPES = {4: (_IPV4, 4), 6: (_IPV6, 16)}


class Nft(IntEnum):
    """Kinds of messages. Source: enum nf_tables_msg_types."""

    NEWTABLE = TABLES << 8
    DELTABLE = TABLES << 8 | 2
    NEWCHAIN = TABLES << 8 | 3
    GETCHAIN = TABLES << 8 | 4
    DELCHAIN = TABLES << 8 | 5
    NEWRULE = TABLES << 8 | 6
    GETRULE = TABLES << 8 | 7
    DELRULE = TABLES << 8 | 8
    NEWSET = TABLES << 8 | 9
    GETSET = TABLES << 8 | 10
    DELSET = TABLES << 8 | 11
    NEWSETELEM = TABLES << 8 | 12
    GETSETELEM = TABLES << 8 | 13
    DELSETELEM = TABLES << 8 | 14
    NEWOBJ = TABLES << 8 | 18
    GETOBJ = TABLES << 8 | 19
    DELOBJ = TABLES << 8 | 20


class Ruleset:
    """Writes the messages for the table `inet NAME`."""

    def __init__(self, table: str) -> None:
        self._name = table
        self._table = text(_TABLE, table)
        self._identity = 0  # of the newest set; no two of a transaction may share one

    def ask(self, kind: Nft, *fields: bytes) -> Message:
        """List what the table has of a kind."""
        return Message(kind, self._table + b"".join(fields), family=INET)

    def owns(self, message: Message) -> bool:
        """Whether a message of the kernel is about this table."""
        first = next(attributes(message.body), (0, b""))
        return message.family == INET and first[0] == _TABLE and as_text(first[1]) == self._name

    def _make(self, kind: Nft, *fields: bytes, flags: int = CREATE) -> Message:
        return Message(kind, self._table + b"".join(fields), flags, INET)

    def table(self) -> Message:
        """Make the table, if it is not there; this wakes it as well, should somebody have made it dormant."""
        return self._make(Nft.NEWTABLE, number(2, 0))

    def gate(self) -> Message:
        """Make the chain that sees every packet."""
        hook = nest(4, number(1, PREROUTING), number(2, PRIORITY))
        accept = number(5, 1)
        return self._make(Nft.NEWCHAIN, text(3, GATE), hook, accept, text(7, "filter"))

    def chain(self, name: str) -> Message:
        """Make a chain that others jump to."""
        return self._make(Nft.NEWCHAIN, text(3, name))

    def counter(self, name: str) -> Message:
        """Make a counter, if it is not there."""
        return self._make(Nft.NEWOBJ, text(2, name), number(3, _COUNTER), nest(4))

    def set(self, name: str, kind: Kind) -> Message:
        """Make a set of addresses that may have timeouts."""
        key_type, size = _KEY_TYPES[kind.family]
        return self._make(
            Nft.NEWSET,
            text(2, name),
            number(3, _TIMEOUT),
            number(4, key_type),
            number(5, size),
            self._identify(),
            number(12, GC_MS),
            attribute(13, _BIG_ENDIAN),
        )

    def add(self, name: str, elements: bytes) -> Message:
        """Put elements into a set."""
        return self._make(Nft.NEWSETELEM, text(2, name), nest(3, elements))

    def remove(self, name: str, elements: bytes) -> Message:
        """Take elements out of a set."""
        return self._make(Nft.DELSETELEM, text(2, name), nest(3, elements), flags=0)

    def ban(self, chain: str, name: str, kind: Kind) -> Message:
        """Drop and count, in a jail's chain, what comes from the members of a set."""
        return self._rule(chain, ex.source(kind), ex.lookup(name), ex.count(chain), ex.drop())

    def send(self, chain: str, reach: Reach) -> Iterator[Message]:
        """Send the packets that a scope means on to a jail's chain."""
        tests: list[bytes] = []
        if len(reach.protocols) == 1:
            tests += [ex.protocol(), ex.equal(bytes(reach.protocols))]
        elif reach.protocols:
            yield from self._anonymous_set(_PROTOCOL, 1, 0, [_point(bytes([one])) for one in reach.protocols])
            tests += [ex.protocol(), self._in_anonymous()]
        if len(reach.ports) == 1:
            tests += [ex.port(), ex.between(*reach.ports[0])]
        elif reach.ports:
            yield from self._anonymous_set(_PORT, 2, _INTERVAL, _ranges(reach.ports))
            tests += [ex.port(), self._in_anonymous()]
        yield self._rule(GATE, *tests, ex.jump(chain))

    def forget_rules(self) -> Message:
        """Remove the rules of all chains."""
        return self._make(Nft.DELRULE, flags=0)

    def forget_chain(self, name: str) -> Message:
        """Remove a chain."""
        return self._make(Nft.DELCHAIN, text(3, name), flags=0)

    def forget_counter(self, name: str) -> Message:
        """Remove a counter."""
        return self._make(Nft.DELOBJ, text(2, name), number(3, _COUNTER), flags=0)

    def forget_set(self, name: str) -> Message:
        """Remove a set with all that is in it."""
        return self._make(Nft.DELSET, text(2, name), flags=0)

    def forget(self) -> Message:
        """Remove the table with all that is in it."""
        return self._make(Nft.DELTABLE, flags=0)

    def _identify(self) -> bytes:
        self._identity = self._identity % 0xFFFFFFFF + 1
        return number(10, self._identity)

    def _rule(self, chain: str, *tests: bytes) -> Message:
        return self._make(Nft.NEWRULE, text(2, chain), nest(4, *tests), flags=CREATE | APPEND)

    def _anonymous_set(
        self, key_type: int, size: int, flags: int, elements: Iterable[bytes]
    ) -> Iterator[Message]:
        """Make a set that belongs to the rule that comes next and goes with it."""
        yield self._make(
            Nft.NEWSET,
            text(2, "__set%d"),
            number(3, _ANONYMOUS | _CONSTANT | flags),
            number(4, key_type),
            number(5, size),
            self._identify(),
            attribute(13, _BIG_ENDIAN),
        )
        yield self._make(Nft.NEWSETELEM, text(2, "__set%d"), number(4, self._identity), nest(3, *elements))

    def _in_anonymous(self) -> bytes:
        return ex.lookup("__set%d", self._identity)


def _point(key: bytes, flags: int = 0) -> bytes:
    return nest(1, number(3, flags) if flags else b"", nest(1, attribute(1, key)))


def _ranges(ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Encode ranges of ports as the kernel's tree wants them: where one begins, and where none is."""
    if not any(low == 0 for low, _ in ranges):
        yield _point(struct.pack(">H", 0), _INTERVAL_END)
    for low, high in ranges:
        yield _point(struct.pack(">H", low))
        if high < HIGHEST_PORT:
            yield _point(struct.pack(">H", high + 1), _INTERVAL_END)


def sets_asked(rule: Message) -> Iterator[str]:
    """Return the names of the sets that a rule looks into."""
    for kind, expressions in attributes(rule.body):
        if kind == 4:  # NFTA_RULE_EXPRESSIONS
            for _, expression in attributes(expressions):
                fields = dict(attributes(expression))
                if as_text(fields.get(1, b"")) == "lookup":
                    yield as_text(dict(attributes(fields[2]))[1])
