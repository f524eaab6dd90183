from __future__ import annotations

import ipaddress
import time
from collections import Counter
from pathlib import Path

from bench.attack import address, addresses, failure, flood

from banish.core.match import Mode, Scanner
from banish.core.model import Cursor, Instant, Lines
from banish.daemon.configuration import load

NOW = 1_763_673_171.0


def test_no_address_comes_twice() -> None:
    assert 20_000 == len(set(addresses(0, 20_000)))


def test_addresses_are_none_that_a_guard_would_spare() -> None:
    assert all(ipaddress.ip_address(each).is_global for each in addresses(0, 10_000))


def test_addresses_go_on_from_a_number() -> None:
    assert [address(7), address(8)] == addresses(7, 2)


def test_everybody_fails_as_often_in_turns() -> None:
    whom = addresses(0, 3)
    culprits = [line.split(" from ")[1].split()[0] for line in flood(whom, 2, NOW)]
    assert whom + whom == culprits


def test_each_failure_is_a_connection_of_its_own() -> None:
    connections = [line.split("[")[1].split("]")[0] for line in flood(addresses(0, 50), 3, NOW)]
    assert 150 == len(set(connections))


def test_the_sshd_filter_finds_the_failure_in_every_line_at_its_time(tmp_path: Path) -> None:
    (tmp_path / "jail.local").write_text("[sshd]\nenabled = true\n")
    now = Instant(float(int(time.time())))
    whom = addresses(0, 100)
    block = "".join(flood(whom, 3, now)).encode()
    scanner = Scanner(load(str(tmp_path)).program, Mode.REPLAY)
    hits = scanner.scan(Lines("log", block, Cursor("log", ""), live=True), ["sshd"], now).hits
    assert dict.fromkeys(whom, 3) == Counter(hit.subject for hit in hits)
    assert {now} == {hit.at for hit in hits}


def test_days_before_the_tenth_are_padded_as_syslog_does() -> None:
    at = time.mktime((2025, 11, 3, 4, 5, 6, 0, 0, -1))
    assert failure("16.0.0.1", at, 0).startswith("Nov  3 04:05:06 gate sshd[")
