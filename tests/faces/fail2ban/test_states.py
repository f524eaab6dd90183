"""The figures, in the form that monitoring counts on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import Client, with_daemon

pytestmark = pytest.mark.slow


def test_a_jail_tells_its_figures(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        await client("set", "alpha", "banip", "192.0.2.11")
        await client("set", "alpha", "attempt", "192.0.2.12")
        seen = [("Currently failed", 1), ("Total failed", 1), ("File list", [f"{tmp_path}/alpha.log"])]
        done = [("Currently banned", 1), ("Total banned", 1), ("Banned IP list", ["192.0.2.11"])]
        whole = [("Filter", seen), ("Actions", done)]
        assert await client("status", "alpha") == whole
        assert await client("status", "alpha", "whatever") == whole
        assert await client("status", "alpha", "short") == [("Filter", seen), ("Actions", done[:2])]
        cymru = [(f"Banned {what} list", ["error"]) for what in ("ASN", "Country", "RIR")]
        assert await client("status", "alpha", "cymru") == [("Filter", seen), ("Actions", [*done, *cymru])]
        assert await client("status", "alpha", "stats") == ["pyinotify", (1, 1), (1, 1)]
        figures = {"alpha": ["pyinotify", (1, 1), (1, 1)], "beta": ["pyinotify", (0, 0), (0, 0)]}
        for word in ("stats", "statistic", "statistics"):
            assert await client(word, "more") == figures
        everything = await client("status", "--all")
        assert isinstance(everything, list)
        assert everything[:2] == [("Number of jail", 2), ("Jail list", "alpha, beta")]
        assert isinstance(everything[2], dict)
        assert everything[2]["alpha"] == whole

    with_daemon(tmp_path, dialogue)


def test_a_jail_of_the_journal_tells_what_it_looks_for(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        await client("add", "j", "systemd")
        await client("set", "j", "addjournalmatch", "_SYSTEMD_UNIT=a.service", "+", "_COMM=b")
        await client("set", "j", "addfailregex", "^failed from <HOST>$")
        await client("start", "j")
        told = await client("status", "j")
        matches = ("Journal matches", ["_SYSTEMD_UNIT=a.service + _COMM=b"])
        assert told == [
            ("Filter", [("Currently failed", 0), ("Total failed", 0), matches]),
            ("Actions", [("Currently banned", 0), ("Total banned", 0), ("Banned IP list", [])]),
        ]

    with_daemon(tmp_path, dialogue)
