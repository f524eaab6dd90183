"""Word to the service manager."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from banish.adapters import readiness
from banish.adapters.readiness import handed_over, tell


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


def handed(
    monkeypatch: pytest.MonkeyPatch, owner: int, number: str, first: int = 3
) -> dict[Path, socket.socket]:
    monkeypatch.setattr(readiness, "_FIRST", first)
    for name, value in (("PID", str(owner)), ("FDS", number), ("FDNAMES", "a:b")):
        monkeypatch.setenv(f"LISTEN_{name}", value)
    found = handed_over()
    assert not [name for name in os.environ if name.startswith("LISTEN_")]
    return found


def test_sockets_that_listen_are_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        copy = os.dup(listener.fileno())
        found = handed(monkeypatch, os.getpid(), "1", copy)
    assert [path] == list(found)
    assert copy == found[path].fileno()
    assert not os.get_inheritable(copy)
    found[path].close()


@pytest.mark.parametrize(("owner", "number"), [(1, "1"), (os.getpid(), ""), (os.getpid(), "x")])
def test_what_is_not_for_us_is_left_alone(monkeypatch: pytest.MonkeyPatch, owner: int, number: str) -> None:
    assert {} == handed(monkeypatch, owner, number)


def test_other_descriptors_are_no_listening_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "file").open("w") as file:
        assert {} == handed(monkeypatch, os.getpid(), "1", os.dup(file.fileno()))
    with socket.socket(socket.AF_UNIX) as idle:
        assert {} == handed(monkeypatch, os.getpid(), "1", os.dup(idle.fileno()))
