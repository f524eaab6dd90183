"""One action: names of addresses are looked up where a command wants them, and only there."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from banish.adapters.scripts.action import JailAction
from banish.compat.bantags import Event
from banish.compat.rendering import Rendering
from banish.core.config import Script
from banish.core.model import Ban, Instant, Seconds, Subject


def acted(directory: Path, command: str) -> str:
    """Ban somebody by a command; return what it wrote."""
    path = directory / "written"
    script = Script("a", (("actionban", command.format(path)),))
    action = JailAction("j", Seconds(600), Rendering(script), lambda _: None)
    event = Event(Ban("j", Subject("192.0.2.1"), Instant(0), Instant(600)))
    assert asyncio.run(action.ban(event))
    return path.read_text()


def test_a_name_is_looked_up_if_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(address: str) -> tuple[str, list[str], list[str]]:
        asked.append(address)
        return "host.example", [], [address]

    monkeypatch.setattr(socket, "gethostbyaddr", look_up)
    assert "192.0.2.1\n" == acted(tmp_path, "echo <ip> > {}")
    assert [] == asked
    assert "host.example\n" == acted(tmp_path, "echo <ip-host> > {}")
    assert ["192.0.2.1"] == asked


def test_an_address_without_a_name_is_banned_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(_: str) -> None:
        raise OSError

    monkeypatch.setattr(socket, "gethostbyaddr", look_up)
    assert "None\n" == acted(tmp_path, "echo <ip-host> > {}")
