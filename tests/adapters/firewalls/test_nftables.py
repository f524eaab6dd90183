"""What only the kernel's firewall has: atomic wishes, other people, errors, and its twin in memory."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Self

import pytest

from banish.adapters.firewalls import nftables as nftables_module
from banish.adapters.firewalls.memory import Memory
from banish.adapters.firewalls.netlink import Message
from banish.adapters.firewalls.nftables import Nftables
from banish.core.config import Scope
from banish.core.errors import EnforceError
from banish.core.model import NEVER, Instant, Place, Subject

ALL = {"sshd": [Scope()]}
NOW = Instant(1_000_000.0)
BANNED = Place("sshd", Subject("127.0.0.66"))
LATER = Instant(NOW + 600)


@pytest.fixture
def firewall(netns: None) -> Iterator[Nftables]:
    assert netns is None
    firewall = Nftables()
    yield firewall
    firewall.close(keep=False)


def nft(*words: str) -> str:
    return subprocess.run(["nft", *words], check=True, capture_output=True, text=True).stdout


def places(count: int) -> Iterator[tuple[Place, Instant]]:
    for number in range(count):
        yield Place("sshd", Subject(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")), LATER


class Hammer:
    """Sends datagrams from a banned address without a pause, and counts what comes through."""

    def __enter__(self) -> Self:
        self._receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._receiver.bind(("127.0.0.1", 0))
        self._receiver.settimeout(0)
        self._ends = threading.Event()
        self.sent = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))  # beside, not in turn with, the changes
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((BANNED.subject, 0))
            while not self._ends.is_set():
                sender.sendto(b"knock", self._receiver.getsockname())
                self.sent += 1

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._receiver.close()

    def came_through(self) -> bool:
        try:
            return bool(self._receiver.recv(16))
        except BlockingIOError:
            return False


@pytest.mark.root
class TestAtomic:
    @pytest.mark.slow
    def test_who_is_in_both_wishes_never_gets_through(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        with Hammer() as hammer:
            for number in range(60):
                firewall.replace(ALL, [*places(number * 50), (BANNED, LATER)], NOW)
                firewall.apply([(BANNED, Instant(LATER + number))], [], NOW)
            assert hammer.sent > 100
            assert not hammer.came_through()
            firewall.apply([], [BANNED], NOW)
            seen = hammer.sent
            deadline = time.monotonic() + 5
            while hammer.sent < seen + 2 and time.monotonic() < deadline:
                pass
            assert hammer.came_through()

    def test_the_old_wish_is_in_force_while_the_new_one_is_read(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        seen: list[set[Place]] = []

        def watching() -> Iterator[tuple[Place, Instant]]:
            yield from places(20_000)
            seen.append({place for place, _ in firewall.bans(NOW)})

        firewall.replace(ALL, watching(), NOW)
        assert seen == [{BANNED}]
        assert len(list(firewall.bans(NOW))) == 20_000

    def test_nothing_of_old_wishes_stays_in_the_kernel(self, firewall: Nftables) -> None:
        firewall.replace({**ALL, "web": [Scope("tcp", ((80, 80), (443, 443)))]}, [(BANNED, LATER)], NOW)
        firewall.replace({"mail": [Scope()]}, [], NOW)
        listing = nft("list", "ruleset")
        assert "sshd" not in listing
        assert "web" not in listing
        assert listing.count("set ") == 0

    def test_what_a_crashed_process_left_half_done_is_removed(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        nft("add", "set", "inet", "banish", "jail/sshd/ip4-32/9", "{ type ipv4_addr; }")
        assert [place for place, _ in firewall.bans(NOW)] == [BANNED]
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        listing = nft("list", "ruleset")
        assert listing.count("set jail/") == 1
        assert "set jail/sshd/ip4-32/10 {" in listing

    def test_more_changes_than_one_transaction_holds_are_all_made(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [], NOW)
        firewall._channel.limit = 20_000
        firewall.apply(places(1000), [], NOW)
        assert len(list(firewall.bans(NOW))) == 1000

    @pytest.mark.slow
    def test_one_ban_costs_the_same_however_many_there_are(self, firewall: Nftables) -> None:
        def cost() -> float:
            times = []
            for number in range(300):
                ban = (Place("sshd", Subject(f"192.0.{number >> 8}.{number & 255}")), LATER)
                start = time.perf_counter()
                firewall.apply([ban], [], NOW)
                times.append(time.perf_counter() - start)
            return sorted(times)[150]

        firewall.replace(ALL, [], NOW)
        few = cost()
        firewall.replace(ALL, places(100_000), NOW)
        assert cost() < few * 5

    def test_changes_before_the_first_wish_are_refused(self, firewall: Nftables) -> None:
        with pytest.raises(EnforceError, match="replace all bans first"):
            firewall.apply([(BANNED, LATER)], [], NOW)


@pytest.mark.root
class TestOtherPeople:
    def test_a_change_after_the_table_was_removed_is_refused_until_all_is_replaced(
        self, firewall: Nftables
    ) -> None:
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        nft("delete", "table", "inet", "banish")
        with pytest.raises(EnforceError, match=r"change bans: ENOENT .*: replace all bans"):
            firewall.apply([(BANNED, LATER)], [], NOW)
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        assert [place for place, _ in firewall.bans(NOW)] == [BANNED]

    def test_a_table_that_is_removed_while_a_wish_is_loaded_is_an_error(self, firewall: Nftables) -> None:
        def vandal() -> Iterator[tuple[Place, Instant]]:
            yield BANNED, LATER
            nft("flush", "ruleset")

        with pytest.raises(EnforceError, match="replace all bans: ENOENT"):
            firewall.replace(ALL, vandal(), NOW)

    def test_a_table_that_somebody_else_uses_is_not_taken_over(self, firewall: Nftables) -> None:
        nft("add table inet banish")
        nft("add chain inet banish prerouting { type filter hook prerouting priority 0; }")
        with pytest.raises(EnforceError, match=r"somebody else made this table: delete it|EEXIST"):
            firewall.replace(ALL, [], NOW)

    def test_tables_of_others_are_left_alone(self, firewall: Nftables) -> None:
        nft("add table inet mine")
        nft("add set inet mine jail/sshd/ip4-32/1 { type ipv4_addr; elements = { 192.0.2.1 }; }")
        nft("add counter inet mine jail/web")
        nft("add chain inet mine jail/web")
        before = nft("list", "table", "inet", "mine")
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        assert [place for place, _ in firewall.bans(NOW)] == [BANNED]
        assert dict(firewall.drops()) == {"sshd": 0}
        firewall.replace({}, [], NOW)
        assert nft("list", "table", "inet", "mine") == before

    def test_other_chains_and_counters_in_the_table_are_not_taken_for_jails(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [(BANNED, LATER)], NOW)
        nft("add counter inet banish mine")
        nft("add set inet banish mine { type ipv4_addr; elements = { 192.0.2.1 }; }")
        nft("add rule inet banish jail/sshd ip saddr @mine accept")
        assert [place for place, _ in firewall.bans(NOW)] == [BANNED]
        assert dict(firewall.drops()) == {"sshd": 0}

    def test_closing_what_somebody_removed_is_no_error(self, firewall: Nftables) -> None:
        firewall.replace(ALL, [], NOW)
        nft("flush", "ruleset")
        other = Nftables("banish")
        other.close(keep=False)

    def test_two_tables_do_not_disturb_each_other(self, firewall: Nftables) -> None:
        other = Nftables("second")
        other.replace(ALL, [(BANNED, LATER)], NOW)
        firewall.replace(ALL, [], NOW)
        assert [place for place, _ in other.bans(NOW)] == [BANNED]
        other.close(keep=False)

    def test_a_listing_that_is_never_left_in_peace_is_an_error(
        self, firewall: Nftables, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_: Message) -> Iterator[Message]:
            raise InterruptedError(errno.EINTR, "always")
            yield

        monkeypatch.setattr(nftables_module, "dump", interrupted)
        with pytest.raises(EnforceError, match="read counters: EBUSY"):
            firewall.drops()


class TestErrors:
    @pytest.mark.root
    def test_without_rights_the_cure_is_named(self) -> None:
        program = "from banish.adapters.firewalls.nftables import Nftables; Nftables()"
        inside = [
            "unshare",
            "--user",
            sys.executable,
            "-c",
            program,
        ]  # root there, but not of the network here
        run = subprocess.run(inside, check=False, capture_output=True, text=True)
        if run.stderr.startswith("unshare:"):
            pytest.skip(f"user namespaces are not to be had here: {run.stderr.strip()}")
        assert "EnforceError: nftables: open a socket: EPERM (Operation not permitted); " in run.stderr
        assert "this needs CAP_NET_ADMIN: run as root" in run.stderr

    @pytest.mark.parametrize(
        ("code", "cure"),
        [
            (errno.EPROTONOSUPPORT, "this kernel has no nf_tables"),
            (errno.EOPNOTSUPP, "this kernel has no nf_tables"),
            (errno.ENOMEM, "the kernel has no memory"),
            (errno.EINVAL, "replace all bans"),
        ],
    )
    def test_an_error_of_the_kernel_is_told_with_its_number_and_its_cure(self, code: int, cure: str) -> None:
        with pytest.raises(EnforceError, match=f"try: {errno.errorcode[code]} .*; {cure}") as caught:
            self._fail(OSError(code, os.strerror(code)))
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno == code

    def test_a_kernel_that_does_not_answer_is_told(self) -> None:
        with pytest.raises(EnforceError, match="no answer in 10 s"):
            self._fail(TimeoutError())

    @staticmethod
    def _fail(error: OSError) -> None:
        with nftables_module._translated("try"):
            raise error

    @pytest.mark.root
    @pytest.mark.usefixtures("netns")
    def test_a_firewall_that_was_closed_says_so(self) -> None:
        firewall = Nftables()
        firewall.close(keep=True)
        with pytest.raises(EnforceError, match="EBADF"):
            firewall.replace(ALL, [], NOW)
        with pytest.raises(EnforceError, match="watch for changes: EBADF"):
            asyncio.run(firewall.lost())

    @pytest.mark.usefixtures("netns")
    @pytest.mark.root
    def test_a_watch_that_cannot_be_had_leaves_no_socket_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EPERM, "no")

        monkeypatch.setattr(nftables_module, "Watch", refuse)
        with pytest.raises(EnforceError, match="CAP_NET_ADMIN"):
            Nftables()


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.parametrize("seed", range(6))
def test_the_kernel_does_what_the_memory_does(firewall: Nftables, seed: int) -> None:
    chance, memory = random.Random(seed), Memory()
    subjects = [f"10.0.{a}.{b}" for a in range(3) for b in range(4)]
    subjects += [f"10.0.{a}.0/{length}" for a in range(3) for length in (8, 24, 30, 32)]
    subjects += ["2001:db8::1", "2001:db8::/32", "2001:db8::/64", "anna"]
    jails = ["sshd", "web", "none", "strange"]

    def some(most: int) -> list[tuple[Place, Instant]]:
        ends = (NEVER, LATER, Instant(NOW + 60), Instant(NOW - 1))
        wanted = {
            Place(chance.choice(jails), Subject(chance.choice(subjects)))
            for _ in range(chance.randint(0, most))
        }
        return [(place, chance.choice(ends)) for place in sorted(wanted)]

    fences = {
        "sshd": [Scope("tcp", ((22, 22),))],
        "web": [Scope("tcp", ((80, 443),)), Scope("udp")],
        "none": [],
    }
    for one in (firewall, memory):
        one.replace(fences, [], NOW)
    for _ in range(40):
        blocks, releases = some(6), [place for place, _ in some(6)]
        for one in (firewall, memory):
            if len(blocks) == 6:
                one.replace(fences, blocks, NOW)
            else:
                one.apply(blocks, releases, NOW)
        expected = dict(memory.bans(NOW))
        assert dict(firewall.bans(NOW)) == pytest.approx(expected, abs=5)
