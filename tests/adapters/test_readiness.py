"""Word to the service manager."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from banish.adapters.readiness import tell


@pytest.mark.parametrize("is_abstract", [False, True])
def test_who_wants_to_know_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_abstract: bool
) -> None:
    path = f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + path if is_abstract else path)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + path if is_abstract else path)
        tell("READY=1")
        assert b"READY=1" == manager.recv(100)


@pytest.mark.parametrize("address", ["", "nonsense", "/nonexistent/socket"])
def test_nobody_listening_is_no_trouble(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    tell("READY=1")
