from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]
Asking = Callable[..., tuple[int, list[Any]]]


def test_a_person_bans_for_as_long_as_the_jail_does(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("ban", "-s", shared_daemon.socket, "-j", "web", "233.252.0.20")
    assert status == 0
    assert text.startswith("233.252.0.20 is banned in web until ")


def test_a_ban_for_good_has_no_end(asking: Asking) -> None:
    assert (0, [{"jail": "web", "subject": "233.252.0.21", "until": None}]) == asking(
        "ban", "-j", "web", "--for", "-1", "233.252.0.21"
    )


def test_a_network_loses_its_host_bits(asking: Asking) -> None:
    _, [ban] = asking("ban", "-j", "web", "198.51.100.77/24")
    assert ban["subject"] == "198.51.100.0/24"


def test_this_machine_is_not_banned_without_force(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("ban", "-s", shared_daemon.socket, "-j", "web", "127.0.0.1")
    assert status == 1
    assert "127.0.0.1 is not banned: address of lo of this machine" in text
    assert 0 == banish("ban", "-s", shared_daemon.socket, "-j", "web", "--force", "127.0.0.1")[0]
    assert 0 == banish("unban", "-s", shared_daemon.socket, "127.0.0.1")[0]


def test_several_jails_want_one_named(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("ban", "-s", shared_daemon.socket, "233.252.0.22")
    assert status == 2
    assert "which jail? there are web, slow; name one with --jail" in text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["-j", "none", "233.252.0.1"], 'no such jail: "none"; there are web, slow'),
        (["-j", "web", "example"], '"example" is no address'),
        (["-j", "web", "--for", "10 mins", "233.252.0.1"], "10 mins"),
    ],
)
def test_misuse_is_named_and_nothing_is_done(
    banish: Banish, shared_daemon: Any, words: list[str], complaint: str
) -> None:
    status, text = banish("ban", "-s", shared_daemon.socket, *words)
    assert status == 2
    assert complaint in text
