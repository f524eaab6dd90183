"""What of others' changes is a loss."""

from __future__ import annotations

import asyncio
import errno
import socket
import subprocess
from collections.abc import Iterator

import pytest

from banish.adapters.firewalls import watch as watch_module
from banish.adapters.firewalls.elements import HOST4
from banish.adapters.firewalls.netlink import Channel, connect
from banish.adapters.firewalls.ruleset import Ruleset
from banish.adapters.firewalls.watch import Watch

OURS = """
table inet banish {
    counter c { }
    set s { type ipv4_addr; flags timeout; elements = { 192.0.2.1, 192.0.2.2 timeout 1m }; }
    chain prerouting { type filter hook prerouting priority raw - 10; tcp dport 22 jump jail; }
    chain jail { ip saddr @s counter name c drop; }
}
table inet other {
    set s { type ipv4_addr; elements = { 192.0.2.1 }; }
    chain c { accept; }
}
table ip banish { chain c { accept; }; }
"""


def nft(script: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=script, text=True, check=True)


@pytest.fixture
def channel(netns: None) -> Iterator[Channel]:
    assert netns is None
    nft(OURS)
    channel = Channel()
    yield channel
    channel.close()


@pytest.fixture
def watch(channel: Channel) -> Iterator[Watch]:
    watch = Watch(Ruleset("banish"), channel.port)
    yield watch
    watch.close()


pytestmark = pytest.mark.root


@pytest.mark.parametrize(
    "change",
    [
        "flush ruleset",
        "flush ruleset inet",
        "delete table inet banish",
        "flush table inet banish",
        "flush chain inet banish jail",
        "flush chain inet banish prerouting; delete chain inet banish prerouting",
        "flush set inet banish s",
        "delete element inet banish s { 192.0.2.1 }",
        "flush chain inet banish jail; delete set inet banish s",
        "insert rule inet banish prerouting accept",
        "add chain inet banish prerouting { policy accept; }",
        "add table inet banish { flags dormant; }",
    ],
)
def test_it_is_a_loss_to(watch: Watch, change: str) -> None:
    nft(change.replace("; ", "\n") if "{" not in change else change)
    assert watch.forget()
    assert not watch.forget()


@pytest.mark.parametrize(
    "change",
    [
        "list ruleset",
        "add element inet banish s { 192.0.2.3 }",
        "delete table inet other",
        "flush set inet other s",
        "delete table ip banish",
        "add table inet fresh",
    ],
)
def test_it_is_no_loss_to(watch: Watch, change: str) -> None:
    nft(change)
    assert not watch.forget()


def test_our_own_changes_do_not_even_reach_the_socket(channel: Channel, watch: Watch) -> None:
    channel.commit([Ruleset("banish").forget()])
    with pytest.raises(BlockingIOError):
        watch._socket.recv(1)


def test_changes_of_other_sockets_of_this_process_are_others(watch: Watch) -> None:
    stranger = Channel()
    stranger.commit([Ruleset("banish").forget_rules()])
    stranger.close()
    assert watch.forget()


def test_the_end_of_a_bans_time_is_no_loss(channel: Channel, watch: Watch) -> None:
    nft("add element inet banish s { 192.0.2.9 timeout 20ms }")
    gone = ["nft", "get", "element", "inet", "banish", "s", "{ 192.0.2.9 }"]
    while subprocess.run(gone, check=False, capture_output=True).returncode == 0:
        pass
    channel.commit([Ruleset("banish").set("s", HOST4)])  # a change sweeps out what is over
    assert not watch.forget()


def test_a_buffer_that_overflowed_may_have_held_a_loss(watch: Watch) -> None:
    watch._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stranger = Channel()
    for number in range(60):
        stranger.commit([Ruleset(f"table-{number}").table()])
    stranger.close()
    assert watch.forget()
    assert not watch.forget()


def test_while_it_is_paused_it_hears_nothing(watch: Watch) -> None:
    with watch.paused():
        nft("flush set inet banish s")
    assert not watch.forget()
    nft("flush ruleset")
    assert watch.forget()


def test_a_waiter_is_woken_at_once_and_only_by_a_loss(watch: Watch) -> None:
    async def dialogue() -> None:
        waiter = asyncio.create_task(watch.wait())
        await asyncio.sleep(0)
        nft("delete table inet other")
        for _ in range(5):
            await asyncio.sleep(0)
        assert not waiter.done()
        nft("flush set inet banish s")
        await asyncio.wait_for(waiter, 5)

    asyncio.run(dialogue())


def test_a_waiter_can_be_cancelled_and_another_can_wait(watch: Watch) -> None:
    async def dialogue() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watch.wait(), 0.01)
        nft("flush set inet banish s")
        await asyncio.wait_for(watch.wait(), 5)

    asyncio.run(dialogue())


def test_a_storm_of_changes_lets_the_loop_have_its_turn(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_MOST_AT_ONCE", 2)
    for number in range(5):
        nft(f"add table inet table-{number}")
    nft("flush set inet banish s")
    assert not watch.forget()

    async def dialogue() -> None:
        await asyncio.wait_for(watch.wait(), 5)

    asyncio.run(dialogue())


def test_a_waiter_that_is_woken_twice_is_woken_once() -> None:
    async def dialogue() -> None:
        future = asyncio.get_running_loop().create_future()
        watch_module._wake(future)
        watch_module._wake(future)
        await future

    asyncio.run(dialogue())


def test_a_socket_that_fails_is_an_error(watch: Watch) -> None:
    watch.close()
    with pytest.raises(OSError, match="Bad file descriptor") as caught:
        watch.forget()
    assert caught.value.errno == errno.EBADF


@pytest.mark.usefixtures("netns")
def test_a_socket_that_cannot_be_prepared_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []

    def remembered() -> socket.socket:
        made.append(connect())
        return made[-1]

    monkeypatch.setattr(watch_module, "_GROUP", 9999)
    monkeypatch.setattr(watch_module, "connect", remembered)
    with pytest.raises(OSError, match="Invalid argument"):
        Watch(Ruleset("banish"), 1)
    assert [one.fileno() for one in made] == [-1]
