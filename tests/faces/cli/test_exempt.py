from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]
Asking = Callable[..., tuple[int, list[Any]]]


def test_who_is_exempt_is_listed_until_removed(asking: Asking) -> None:
    status, [added] = asking("exempt", "add", "233.252.0.40", "--for", "8h", "--reason", "hotel")
    assert (0, "233.252.0.40", "hotel") == (status, added["subject"], added["reason"])
    assert added in asking("exempt")[1]
    assert (0, [["233.252.0.40"]]) == asking("exempt", "remove", "233.252.0.40")
    assert added not in asking("exempt")[1]


def test_who_is_banned_and_exempted_is_let_in(asking: Asking) -> None:
    asking("ban", "-j", "web", "233.252.0.41")
    asking("exempt", "add", "233.252.0.0/25")
    assert (1, []) == asking("bans", "233.252.0.41")
    asking("exempt", "remove", "233.252.0.0/25")


def test_what_is_not_exempt_cannot_be_removed(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("exempt", "-s", shared_daemon.socket, "remove", "233.252.0.42")
    assert status == 1
    assert "233.252.0.42: not exempt by hand (ignoreip is changed in the configuration)" in text


def test_an_address_has_to_be_given(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("exempt", "-s", shared_daemon.socket, "add")
    assert (2, "banish: no address given\n") == (status, text)


def test_a_person_reads_a_table(banish: Banish, daemon: Any) -> None:
    assert (0, "nobody is exempt by hand\n") == banish("exempt", "-s", daemon.socket)
    _, text = banish("exempt", "-s", daemon.socket, "add", "233.252.0.43", "--reason", "me")
    assert ["233.252.0.43", "never", "me"] == text.splitlines()[1].split()
    assert (0, "no longer exempt: 233.252.0.43\n") == banish(
        "exempt", "-s", daemon.socket, "remove", "233.252.0.43"
    )
