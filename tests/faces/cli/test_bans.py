from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from banish.faces.cli import bans

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]
Asking = Callable[..., tuple[int, list[Any]]]


def test_bans_are_listed_with_their_ends(asking: Asking) -> None:
    asking("ban", "--jail", "web", "--for", "1h", "--reason", "test", "233.252.0.1")
    status, bans = asking("bans", "233.252.0.1")
    assert status == 0
    [ban] = bans
    assert ("web", "233.252.0.1", "test", "person") == (
        ban["jail"],
        ban["subject"],
        ban["reason"],
        ban["origin"],
    )
    assert ban["until"] - ban["at"] == 3600


def test_an_address_that_is_not_banned_is_a_negative_answer(asking: Asking) -> None:
    assert (1, []) == asking("bans", "233.252.0.2")


def test_only_those_of_a_jail_are_listed(asking: Asking) -> None:
    asking("ban", "--jail", "web", "233.252.0.3")
    assert (0, []) == asking("bans", "--jail", "slow")


def test_a_person_reads_a_table(banish: Banish, shared_daemon: Any) -> None:
    banish("ban", "-s", shared_daemon.socket, "--jail", "web", "--for", "-1", "233.252.0.4")
    status, text = banish("bans", "-s", shared_daemon.socket)
    assert status == 0
    assert ["233.252.0.4", "web", "never"] == [
        word
        for line in text.splitlines()
        if line.startswith("233.252.0.4")
        for word in line.split()
        if ":" not in word
    ][:3]


def test_a_list_that_is_cut_says_so(banish: Banish, shared_daemon: Any) -> None:
    banish("ban", "-s", shared_daemon.socket, "--jail", "web", "233.252.0.5", "233.252.0.6")
    _, text = banish("bans", "-s", shared_daemon.socket, "--limit", "1")
    assert text.splitlines()[-1].startswith("1 of ")


def test_nobody_is_said_in_words(banish: Banish, daemon: Any) -> None:
    assert (0, "nobody is banned\n") == banish("bans", "-s", daemon.socket)


def test_a_ban_that_ended_this_second_is_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    bans._print([], 1, is_about_some=False)
    bans._print([], 2, is_about_some=True)
    assert "nobody is banned\nnot banned; others that are: 2\n" == capsys.readouterr().out
