from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from banish.adapters.surroundings.sockets import Connection, TcpTable, read_tcp
from banish.core.model import Subject


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_connection_is_found_by_its_inode(family: socket.AddressFamily, host: str) -> None:
    with socket.create_server((host, 0), family=family) as server:
        port = server.getsockname()[1]
        with socket.create_connection((host, port)) as client, server.accept()[0] as accepted:
            table = read_tcp(Path("/proc"))
            inode, client_inode = os.fstat(accepted.fileno()).st_ino, os.fstat(client.fileno()).st_ino
            assert table.connections[inode] == Connection(Subject(host), port)
            assert table.listeners[os.fstat(server.fileno()).st_ino] == port
            assert table.login([inode]) == host
            assert table.login([inode, client_inode]) == host


def test_an_ipv4_address_in_the_clothes_of_ipv6_is_seen_as_what_it_is() -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        address = "127.0.0.1", server.getsockname()[1]
        with socket.create_connection(address), server.accept()[0] as accepted:
            assert read_tcp(Path("/proc")).login([os.fstat(accepted.fileno()).st_ino]) == "127.0.0.1"


def test_without_tables_there_are_no_connections(tmp_path: Path) -> None:
    assert read_tcp(tmp_path) == TcpTable()
    assert TcpTable().login([1]) is None


def test_of_several_connections_that_count_none_may_be_at_a_port_of_ours() -> None:
    some = {1: Connection(Subject("192.0.2.1"), 1), 2: Connection(Subject("192.0.2.2"), 2)}
    assert TcpTable(some).login([1, 2]) is None
