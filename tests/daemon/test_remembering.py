"""The state is opened, whatever it is like; the first time with what fail2ban remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.store.fail2ban import row, write

from banish.core.config import ServerConfig
from banish.core.model import Instant
from banish.daemon import remembering
from banish.daemon.remembering import open_store

NOW = Instant(1_700_000_000)


def opened(dbfile: str | None) -> tuple[list[str], list[str]]:
    """Open the state and close it; return who is banned, and what was said."""
    said: list[str] = []
    store = open_store(
        ServerConfig(dbfile=dbfile), {}, lambda topic, text: said.append(f"{topic.value}: {text}"), NOW
    )
    banned = [str(ban.subject) for ban in store.bans(NOW)]
    store.close()
    return banned, said


def test_the_first_start_takes_over_what_fail2ban_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = write(tmp_path / "fail2ban.sqlite3", [row("192.0.2.7", NOW - 100)])
    monkeypatch.setattr(remembering, "places", lambda _: (tmp_path / "ours", theirs))
    banned, said = opened(str(theirs))
    assert ["192.0.2.7"] == banned
    assert [f"restored: {theirs}: 1 bans and the places in 0 logs are taken over from fail2ban"] == said
    assert (["192.0.2.7"], []) == opened(str(theirs))


def test_a_trial_elsewhere_takes_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = write(tmp_path / "fail2ban.sqlite3", [row("192.0.2.7", NOW - 100)])
    monkeypatch.setattr(remembering, "places", lambda dbfile: (Path(dbfile), theirs))
    assert ([], []) == opened(str(tmp_path / "ours"))


def test_what_cannot_be_taken_over_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "fail2ban.sqlite3"
    theirs.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    monkeypatch.setattr(remembering, "places", lambda _: (tmp_path / "ours", theirs))
    banned, [said] = opened(str(theirs))
    assert [] == banned
    assert said.endswith("nothing is taken over from fail2ban, banish import tries again")


def test_without_a_place_nothing_is_kept(tmp_path: Path) -> None:
    assert ([], []) == opened(None)
    (tmp_path / "file").touch()
    _, [said] = opened(str(tmp_path / "file" / "state"))
    assert said.endswith("nothing will be remembered over a restart")
