"""What a scope means to a packet: numbers of protocols, ranges of ports that do not touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from banish.core.config import Scope
from banish.core.errors import EnforceError

PROTOCOLS = {
    "icmp": 1,
    "igmp": 2,
    "tcp": 6,
    "udp": 17,
    "dccp": 33,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "sctp": 132,
    "udplite": 136,
}
WITH_PORTS = (6, 17, 33, 132, 136)
HIGHEST_PORT = 0xFFFF


class Reach(NamedTuple):
    """Which packets are meant: `protocols` (none: all) to `ports` (none: all), both in rising order."""

    protocols: tuple[int, ...]
    ports: tuple[tuple[int, int], ...]

    def covers(self, protocol: int, port: int) -> bool:
        """Whether a packet of this protocol to this port is meant."""
        return (not self.protocols or protocol in self.protocols) and (
            not self.ports or any(low <= port <= high for low, high in self.ports)
        )


def reaches_of(fences: Mapping[str, Sequence[Scope]]) -> dict[str, tuple[Reach, ...]]:
    """Return what the scopes of each jail mean; jails without a scope enforce nothing and are left out."""
    reaches = {}
    for jail, scopes in fences.items():
        try:
            reaches[jail] = tuple(map(reach, scopes))
        except EnforceError as error:
            raise EnforceError(f"[{jail}] {error}") from error
    return {jail: found for jail, found in reaches.items() if found}


def reach(scope: Scope) -> Reach:
    """Return what `scope` means.

    All protocols with a range are those that know ports. Ranges of a protocol that knows none are left out:
    then all of the protocol is meant. `EnforceError` for an unknown protocol or a range that is none.
    """
    name = scope.protocol.lower()
    ports = _joined(scope.ports)
    if name == "all":
        return Reach(WITH_PORTS if ports else (), ports)
    protocol = number_of(name)
    return Reach((protocol,), ports if protocol in WITH_PORTS else ())


def number_of(name: str) -> int:
    """Return the number of a protocol that is named, or written as its number."""
    known = PROTOCOLS.get(name)
    if known is not None:
        return known
    if name.isascii() and name.isdigit() and int(name) <= 0xFF:
        return int(name)
    raise EnforceError(f'protocol "{name}": unknown; write {", ".join(PROTOCOLS)}, all, or its number')


def _joined(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Sort ranges and join those that overlap or touch: the kernel refuses overlaps."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if not 0 <= low <= high <= HIGHEST_PORT:
            raise EnforceError(f"ports {low}-{high}: no range; write the lower end first, none over 65535")
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)
