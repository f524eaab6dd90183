from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]
Asking = Callable[..., tuple[int, list[Any]]]


def test_who_is_banned_in_several_jails_is_let_in_everywhere(asking: Asking) -> None:
    asking("ban", "-j", "web", "233.252.0.30")
    asking("ban", "-j", "slow", "233.252.0.30")
    assert (0, [{"jail": jail, "subject": "233.252.0.30"} for jail in ("web", "slow")]) == asking(
        "unban", "233.252.0.30"
    )
    assert (1, []) == asking("bans", "233.252.0.30")


def test_one_jail_can_be_named(asking: Asking) -> None:
    asking("ban", "-j", "web", "233.252.0.31")
    asking("ban", "-j", "slow", "233.252.0.31")
    asking("unban", "-j", "slow", "233.252.0.31")
    assert ["web"] == [ban["jail"] for ban in asking("bans", "233.252.0.31")[1]]


def test_a_network_lets_in_everybody_in_it(banish: Banish, shared_daemon: Any) -> None:
    banish("ban", "-s", shared_daemon.socket, "-j", "web", "203.0.113.1", "203.0.113.2")
    status, text = banish("unban", "-s", shared_daemon.socket, "203.0.113.0/24")
    assert status == 0
    assert "203.0.113.1 may come in again (web)\n203.0.113.2 may come in again (web)\n" == text


def test_who_is_not_banned_is_a_negative_answer(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("unban", "-s", shared_daemon.socket, "233.252.0.32")
    assert (1, "233.252.0.32: not banned\n") == (status, text)


def test_who_is_banned_with_a_network_is_told_which(banish: Banish, shared_daemon: Any) -> None:
    banish("ban", "-s", shared_daemon.socket, "-j", "web", "10.9.0.0/16")
    status, text = banish("unban", "-s", shared_daemon.socket, "10.9.8.7")
    assert (1, "10.9.8.7: not banned itself, but as part of 10.9.0.0/16 in jail web\n") == (status, text)
