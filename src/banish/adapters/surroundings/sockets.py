"""The TCP connections of this machine, from /proc/net/tcp and tcp6. Source: proc_net_tcp(5)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from banish.adapters.surroundings.addresses import subject_of
from banish.core.model import Subject

_ESTABLISHED: Final = b"01"
_LISTENING: Final = b"0A"


@dataclass(frozen=True, slots=True)
class Connection:
    """An established connection: from whom, and at which port of ours."""

    peer: Subject
    port: int


@dataclass(frozen=True, slots=True)
class TcpTable:
    """Connections, and the ports that are listened at, by the inode of their socket."""

    connections: dict[int, Connection] = field(default_factory=dict)
    listeners: dict[int, int] = field(default_factory=dict)

    def login(self, inodes: Iterable[int]) -> Subject | None:
        """Return who is at the other end of the connection by which a session's process was reached.

        A session may hold more connections: those it forwards, to and from wherever its user likes. The
        login's own is at a port at which somebody else listens.
        """
        own = set(inodes)
        found = [self.connections[inode] for inode in sorted(own) if inode in self.connections]
        if len(found) > 1:
            ports = {port for inode, port in self.listeners.items() if inode not in own}
            found = [connection for connection in found if connection.port in ports]
        return found[0].peer if found else None


def read_tcp(proc: Path) -> TcpTable:
    """Read both tables of our own network namespace; 1 ms per 1,000 connections."""
    table = TcpTable()
    for path in (proc / "net" / "tcp", proc / "net" / "tcp6"):
        if path.exists():  # a kernel may be without IPv6
            for line in path.read_bytes().splitlines()[1:]:
                _enter(table, line)
    return table


def _enter(table: TcpTable, line: bytes) -> None:
    _, local, remote, state, _, _, _, _, _, inode, *_ = line.split()
    if state == _LISTENING:
        table.listeners[int(inode)] = _port(local)
    elif state == _ESTABLISHED:
        table.connections[int(inode)] = Connection(_address(remote), _port(local))


def _port(endpoint: bytes) -> int:
    return int(endpoint.rpartition(b":")[2], 16)


def _address(endpoint: bytes) -> Subject:
    """Undo the kernel's printing of an address as numbers of 32 bits in the order of this machine."""
    digits = endpoint.rpartition(b":")[0]
    words = (int(digits[start : start + 8], 16) for start in range(0, len(digits), 8))
    return subject_of(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
