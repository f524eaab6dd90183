"""Real traffic of real hosts: to this one, through it, and to a published container.

stranger 192.0.2.1, .2 ── 192.0.2.254 this host 10.9.0.1 ── 10.9.0.2 container
"""

from __future__ import annotations

import ctypes
import os
import select
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from banish.adapters.firewalls.nftables import Nftables
from banish.core.config import Scope
from banish.core.model import Instant, Place, Subject

pytestmark = pytest.mark.root

NOW = Instant(1_000_000.0)
SSH = Scope("tcp", ((22, 22),))
PUBLISHED = Scope("tcp", ((8022, 8022),))
BANNED, FREE = "192.0.2.1", "192.0.2.2"
BANNED6, FREE6 = "2001:db8:1::1", "2001:db8:1::2"
HOST, HOST6, CONTAINER = "192.0.2.254", "2001:db8:1::254", "10.9.0.2"

_NEWNET = 0x40000000  # CLONE_NEWNET
_DEADLINE_MS = 5000

DOCKER = """
table ip docker {
    chain prerouting { type nat hook prerouting priority dstnat; tcp dport 8022 dnat to 10.9.0.2:22; }
    chain postrouting { type nat hook postrouting priority srcnat; oifname "c0" ct state new counter; }
}
"""


def run(*commands: str) -> None:
    for command in commands:
        subprocess.run(command.split(), check=True)


class Host:
    """A network namespace; it lives as long as this object and its devices."""

    def __init__(self) -> None:
        with _namespace() as before:
            ctypes.CDLL(None).unshare(_NEWNET)
            self._descriptor = _namespace_now()
            run("ip link set lo up")
            _enter(before)

    def close(self) -> None:
        os.close(self._descriptor)

    def plug(self, near: str, far: str) -> None:
        """Lay a cable from this test's host to here."""
        run(f"ip link add {near} type veth peer name {far}")
        place = f"/proc/{os.getpid()}/fd/{self._descriptor}"
        run(f"ip link set {far} netns {place}")

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be there meanwhile; a socket that is opened there stays there."""
        with _namespace() as before:
            _enter(self._descriptor)
            try:
                yield
            finally:
                _enter(before)


@contextmanager
def _namespace() -> Iterator[int]:
    descriptor = _namespace_now()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _namespace_now() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(descriptor: int) -> None:
    assert ctypes.CDLL(None).setns(descriptor, _NEWNET) == 0


@dataclass(frozen=True, slots=True)
class Net:
    stranger: Host
    container: Host
    firewall: Nftables

    def ban(self, scope: Scope, *subjects: str) -> None:
        bans = [(Place("jail", Subject(one)), Instant(NOW + 600)) for one in subjects]
        self.firewall.replace({"jail": [scope]}, bans, NOW)

    def connect(self, source: str, target: str, port: int) -> socket.socket:
        """Begin to connect a stranger's socket."""
        with self.stranger.inside():
            sock = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET)
        sock.settimeout(0)
        sock.bind((source, 0))
        sock.connect_ex((target, port))
        return sock

    def gets_in(self, target: str, port: int, banned: str = BANNED, free: str = FREE) -> bool:
        """Whether the banned address gets a connection when a free one, asking later, has got its own."""
        with self.connect(banned, target, port) as first, self.connect(free, target, port) as second:
            assert _ready(second, select.POLLOUT, _DEADLINE_MS)
            return _ready(first, select.POLLOUT, 0)


def _ready(sock: socket.socket, what: int, timeout_ms: int) -> bool:
    poll = select.poll()
    poll.register(sock, what)
    return bool(poll.poll(timeout_ms))


@pytest.fixture
def net(netns: None) -> Iterator[Net]:
    assert netns is None
    stranger, container = Host(), Host()
    stranger.plug("s0", "eth0")
    container.plug("c0", "eth0")
    run(
        "ip addr add 192.0.2.254/24 dev s0",
        "ip addr add 2001:db8:1::254/64 dev s0 nodad",
        "ip link set s0 up",
    )
    run("ip addr add 10.9.0.1/24 dev c0", "ip link set c0 up")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    with stranger.inside():
        run(*(f"ip addr add {one}/24 dev eth0" for one in (BANNED, FREE)))
        run(*(f"ip addr add {one}/64 dev eth0 nodad" for one in (BANNED6, FREE6)))
        run("ip link set eth0 up", "ip route add default via 192.0.2.254")
    with container.inside():
        run("ip addr add 10.9.0.2/24 dev eth0", "ip link set eth0 up", "ip route add default via 10.9.0.1")
    firewall = Nftables()
    yield Net(stranger, container, firewall)
    firewall.close(keep=False)
    stranger.close()
    container.close()


@pytest.fixture
def sshd() -> Iterator[socket.socket]:
    with socket.create_server(("", 22), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        server.settimeout(5)
        yield server


@pytest.mark.usefixtures("sshd")
def test_a_banned_host_cannot_connect_and_after_its_release_it_can(net: Net) -> None:
    net.ban(SSH, BANNED)
    assert not net.gets_in(HOST, 22)
    net.firewall.apply([], [Place("jail", Subject(BANNED))], NOW)
    assert net.gets_in(HOST, 22)


@pytest.mark.usefixtures("sshd")
@pytest.mark.parametrize("subject", [BANNED6, "2001:db8:1::/127"])
def test_a_banned_host_cannot_connect_over_ipv6(net: Net, subject: str) -> None:
    assert net.gets_in(HOST6, 22, BANNED6, FREE6)
    net.ban(SSH, subject)
    assert not net.gets_in(HOST6, 22, BANNED6, FREE6)


def test_an_established_connection_is_cut_and_goes_on_after_the_release(
    net: Net, sshd: socket.socket
) -> None:
    with net.connect(BANNED, HOST, 22) as banned, sshd.accept()[0] as from_banned:
        with net.connect(FREE, HOST, 22) as free, sshd.accept()[0] as from_free:
            net.ban(SSH, BANNED)
            banned.send(b"a")
            free.send(b"b")
            assert _ready(from_free, select.POLLIN, _DEADLINE_MS)
            assert not _ready(from_banned, select.POLLIN, 0)
        net.firewall.apply([], [Place("jail", Subject(BANNED))], NOW)
        assert _ready(from_banned, select.POLLIN, _DEADLINE_MS)  # TCP sends it again


def test_connections_through_this_host_are_cut(net: Net) -> None:
    with net.container.inside():
        server = socket.create_server((CONTAINER, 22))
    with server:
        assert net.gets_in(CONTAINER, 22)
        net.ban(SSH, BANNED)
        assert not net.gets_in(CONTAINER, 22)


def test_a_published_container_is_cut_by_the_port_that_is_published(net: Net) -> None:
    subprocess.run(["nft", "-f", "-"], input=DOCKER, text=True, check=True)
    with net.container.inside():
        server = socket.create_server((CONTAINER, 22))
    with server:
        net.ban(SSH, BANNED)
        assert net.gets_in(HOST, 8022)  # the port behind the translation is not what the jail protects
        net.ban(PUBLISHED, BANNED)
        assert not net.gets_in(HOST, 8022)


def test_an_established_connection_to_a_published_container_is_cut(net: Net) -> None:
    subprocess.run(["nft", "-f", "-"], input=DOCKER, text=True, check=True)
    with net.container.inside():
        server = socket.create_server((CONTAINER, 22))
    server.settimeout(5)
    with (
        server,
        net.connect(BANNED, HOST, 8022) as banned,
        server.accept()[0] as from_banned,
        net.connect(FREE, HOST, 8022) as free,
        server.accept()[0] as from_free,
    ):
        net.ban(PUBLISHED, "192.0.2.0/31")
        banned.send(b"a")
        free.send(b"b")
        assert _ready(from_free, select.POLLIN, _DEADLINE_MS)
        assert not _ready(from_banned, select.POLLIN, 0)


@pytest.mark.usefixtures("sshd")
def test_what_was_cut_is_counted(net: Net) -> None:
    net.ban(SSH, BANNED)
    net.gets_in(HOST, 22)
    assert net.firewall.drops()["jail"] >= 1
