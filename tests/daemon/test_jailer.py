"""Who is in a jail, and what can be done about it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import Client, with_daemon

from banish.core.errors import RefusedError
from banish.core.model import Place, Subject, Surroundings

pytestmark = pytest.mark.slow

ONE, TWO = Subject("192.0.2.11"), Subject("192.0.2.12")


def test_bans_are_told_in_the_order_in_which_they_end(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        jailer = client.guardian.jailer
        assert 1 == await jailer.ban("alpha", [ONE])
        await client("set", "alpha", "bantime", "1m")
        assert 1 == await jailer.ban("alpha", [TWO, ONE])  # a shorter time does not end a ban sooner
        assert [ONE, TWO] == jailer.banned("alpha")
        assert [TWO, ONE] == [ban.subject for ban in jailer.bans("alpha")]
        assert [] == jailer.bans("beta")
        assert [Place("alpha", ONE)] == jailer.release([ONE], "alpha")
        assert [] == jailer.release([ONE], "alpha")
        assert 1 == jailer.release_all()
        assert (0, 2) == (jailer.status("alpha").banned, jailer.status("alpha").bans)

    with_daemon(tmp_path, dialogue)


def test_nobody_is_banned_if_somebody_would_be_locked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(*_: object) -> Surroundings:
        return Surroundings({TWO: "logged in over ssh"})

    async def dialogue(client: Client) -> None:
        monkeypatch.setattr(type(client.guardian.jailer._loop.world.oracle), "answer", look)
        with pytest.raises(RefusedError, match=r"192\.0\.2\.12 is not banned: logged in over ssh"):
            await client.guardian.jailer.ban("alpha", [ONE, TWO])
        assert [] == client.guardian.jailer.banned("alpha")

    with_daemon(tmp_path, dialogue)


def test_attempts_are_counted_like_failures(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        jailer = client.guardian.jailer
        assert jailer.attempt("alpha", ONE, ["a line"])
        assert not jailer.attempt("alpha", Subject("192.0.2.200"), [])
        assert (1, 1) == (jailer.status("alpha").failing, jailer.status("alpha").failures)

    with_daemon(tmp_path, dialogue)
