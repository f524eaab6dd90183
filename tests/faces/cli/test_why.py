from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]


def test_a_ban_is_explained_by_its_lines_and_patterns(banish: Banish, daemon: Any) -> None:
    daemon.fail("233.252.0.50")
    daemon.heard("banned", "jail=web", "address=233.252.0.50")
    status, text = banish("why", "-s", daemon.socket, "233.252.0.50")
    assert status == 0
    assert "233.252.0.50 is banned in jail web" in text
    assert 3 + 3 == text.count(
        "login failed from 233.252.0.50"
    )  # in the jail that bans, and in the one that counts
    assert "#1 is ^login failed from <HOST>$  (filter.d/web.conf:2)" in text
    assert "3 of 9 failures in jail slow:" in text
    assert "undo   banish unban 233.252.0.50" in text


def test_who_is_not_banned_is_a_negative_answer(banish: Banish, shared_daemon: Any) -> None:
    assert (1, "233.252.0.51 is not banned\n") == banish("why", "-s", shared_daemon.socket, "233.252.0.51")


def test_who_would_be_spared_is_told(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("why", "-s", shared_daemon.socket, "127.0.0.1")
    assert status == 1
    assert "its failures do not count: [web] ignoreself rule" in text
    assert "it would not be banned now: address of lo of this machine" in text


def test_earlier_bans_are_told(banish: Banish, shared_daemon: Any) -> None:
    banish("ban", "-s", shared_daemon.socket, "-j", "web", "--reason", "a test", "233.252.0.52")
    banish("unban", "-s", shared_daemon.socket, "233.252.0.52")
    status, text = banish("why", "-s", shared_daemon.socket, "233.252.0.52")
    assert status == 1
    assert "in web, banned by hand: a test" in text


def test_programs_get_the_whole_card(banish: Banish, shared_daemon: Any) -> None:
    _, text = banish("why", "--json", "-s", shared_daemon.socket, "233.252.0.53")
    assert text.startswith('{"subject": "233.252.0.53", "bans": []')


def test_what_an_attacker_wrote_cannot_take_over_the_terminal(banish: Banish, daemon: Any) -> None:
    banish("ban", "-s", daemon.socket, "-j", "web", "--reason", "\x1b[2J", "233.252.0.54")
    _, text = banish("why", "-s", daemon.socket, "233.252.0.54")
    assert "\x1b" not in text
    assert "x1b" in text
