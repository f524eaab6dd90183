from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from banish.core.errors import ConfigError, RefusedError
from banish.core.model import Cursor, Lines
from banish.daemon.configuration import load
from banish.daemon.wiring import Guardian


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "filter.d").mkdir()
    (tmp_path / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^failed from <HOST>$\ndatepattern = {NONE}\n"
    )
    (tmp_path / "jail.conf").write_text(
        f"[DEFAULT]\nenabled = true\nfilter = web\naction = native[port=80]\nlogpath = {tmp_path}/log\n"
        "usedns = no\n[web]\nmaxretry = 2\nbantime = 600\n[other]\nmaxretry = 9\n"
    )
    (tmp_path / "fail2ban.conf").write_text(f"[Definition]\nlogtarget = {tmp_path}/fail2ban.log\n")
    return tmp_path


class Session:
    """A guardian in a dry run, asked by somebody at `origin`."""

    def __init__(self, directory: Path, origin: str = "") -> None:
        self.guardian = Guardian(load(str(directory)), dry_run=True, in_process=True)
        self._origin = origin
        self._log = str(directory / "log")

    async def __aenter__(self) -> Self:
        await self.guardian.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.guardian.close()

    async def ask(self, verb: str, **arguments: Any) -> Any:
        return await self.guardian.control.call(verb, arguments, self._origin)

    async def fail(self, address: str, times: int) -> None:
        block = f"failed from {address}\n".encode() * times
        await self.guardian._loop.feed(Lines(self._log, block, Cursor(self._log, "0"), live=True))


Dialogue = Callable[[Session], Any]


def talk(directory: Path, dialogue: Dialogue, origin: str = "") -> Any:
    async def run() -> Any:
        async with Session(directory, origin) as session:
            return await dialogue(session)

    return asyncio.run(run())


def test_status_counts_what_happened(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        await session.fail("198.51.100.7", 1)
        await session.fail("198.51.100.8", 2)
        return await session.ask("status")

    web, other = talk(directory, dialogue)["jails"]
    assert (1, 3, 1, 1) == (web["failing"], web["failures"], web["banned"], web["bans"])
    assert (2, 3, 0, 0) == (other["failing"], other["failures"], other["banned"], other["bans"])


def test_a_ban_is_explained_with_its_evidence(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        await session.fail("198.51.100.7", 2)
        return await session.ask("explain", subject="198.51.100.7")

    card = talk(directory, dialogue)
    [ban] = card["bans"]
    assert ("web", "log", 2, 600) == (
        ban["jail"],
        ban["origin"],
        ban["failures"],
        round(ban["until"] - ban["at"]),
    )
    assert [["failed from 198.51.100.7"]] * 2 == [each["lines"] for each in ban["evidence"]]
    assert ("^failed from <HOST>$", "filter.d/web.conf:2") == (
        ban["evidence"][0]["pattern"],
        ban["evidence"][0]["place"],
    )
    assert [("other", 2, 9)] == [(each["jail"], each["failures"], each["limit"]) for each in card["counting"]]


def test_an_operators_own_address_is_not_banned(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        await session.ask("status")
        await session.fail("198.51.100.7", 2)
        card = await session.ask("explain", subject="198.51.100.7")
        with pytest.raises(RefusedError, match="--force bans it all the same"):
            await session.ask("ban", jail="web", subjects=["198.51.100.0/24"])
        return card

    card = talk(directory, dialogue, origin="198.51.100.7")
    assert ([], "an operator's command came from there") == (card["bans"], card["guarded"])


def test_force_bans_whoever_is_named(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        return await session.ask("ban", jail="web", subjects=["198.51.100.7"], force=True, seconds=60)

    [ban] = talk(directory, dialogue, origin="198.51.100.7")
    assert ("web", "198.51.100.7") == (ban["jail"], ban["subject"])


def test_who_is_exempt_by_hand_is_not_banned_by_hand(directory: Path) -> None:
    async def dialogue(session: Session) -> None:
        await session.ask("exempt", subjects=["198.51.100.0/24"])
        with pytest.raises(RefusedError, match=r"exempt by hand \(198\.51\.100\.0/24\)"):
            await session.ask("ban", jail="web", subjects=["198.51.100.7"])

    talk(directory, dialogue)


def test_an_exemption_has_an_end_if_it_is_given_one(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        await session.ask("exempt", subjects=["198.51.100.1"], seconds=60, reason="a while")
        await session.ask("exempt", subjects=["198.51.100.2"], seconds=-1)
        return await session.ask("exemptions")

    one, two = talk(directory, dialogue)
    assert one["until"] is not None
    assert ("a while", None) == (one["reason"], two["until"])


def test_bans_are_listed_up_to_a_limit(directory: Path) -> None:
    async def dialogue(session: Session) -> Any:
        subjects = [f"198.51.100.{number}" for number in range(5)]
        await session.ask("ban", jail="web", subjects=subjects)
        return await session.ask("bans", limit=2), await session.ask("bans", jail="other")

    web, other = talk(directory, dialogue)
    assert (5, 2) == (web["total"], len(web["bans"]))
    assert {"total": 0, "bans": []} == other


@pytest.mark.parametrize(
    ("complaint", "verb", "arguments"),
    [
        ('no such verb: "dance"; there are status, bans', "dance", {}),
        ('no such jail: "none"; there are web, other', "bans", {"jail": "none"}),
        ("which jail? there are web, other", "ban", {"subjects": ["198.51.100.7"]}),
        ("no address given", "release", {"subjects": []}),
        ("no address given", "release", {"subjects": "198.51.100.7"}),
        ('"anna" is no address', "release", {"subjects": ["anna"]}),
        ('"limit" must be a number of 0 or more, not True', "bans", {"limit": True}),
        ('"limit" must be a number of 0 or more, not -1', "bans", {"limit": -1}),
        ('"seconds" must be a number', "exempt", {"subjects": ["198.51.100.7"], "seconds": "long"}),
        ('"subject" is missing or no text', "explain", {}),
        ('"reason" is missing or no text', "exempt", {"subjects": ["198.51.100.7"], "reason": 1}),
    ],
)
def test_misuse_is_named(directory: Path, complaint: str, verb: str, arguments: dict[str, Any]) -> None:
    async def dialogue(session: Session) -> None:
        with pytest.raises(ConfigError) as error:
            await session.ask(verb, **arguments)
        assert str(error.value).startswith(complaint)

    talk(directory, dialogue)
