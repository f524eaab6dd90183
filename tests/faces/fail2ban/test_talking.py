"""A connection to a server, and what is said if there is none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from banish.compat.frames import CLOSE, TERMINATOR, RemoteError, encode
from banish.faces.fail2ban.talking import Connection, FailedError, UnreachableError


@contextmanager
def served(path: Path, *replies: bytes) -> Iterator[list[bytes]]:
    """Answer requests on a socket, each by the next reply; then hang up."""
    heard: list[bytes] = []

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            for reply in replies:
                heard.append(connection.recv(65_536))
                connection.sendall(reply)
            if replies:
                heard.append(connection.recv(65_536))

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        yield heard
        thread.join(10)


def test_commands_are_answered_on_one_connection(tmp_path: Path) -> None:
    replies = [encode((0, "pong")) + TERMINATOR, encode((0, [1, 2])) + TERMINATOR]
    with served(tmp_path / "s", *replies) as heard, Connection(tmp_path / "s", 5) as server:
        assert "pong" == server.ask(["ping"])
        assert [1, 2] == server.ask(["x"])
    assert [encode(["ping"]) + TERMINATOR, encode(["x"]) + TERMINATOR, CLOSE + TERMINATOR] == heard


def test_an_error_is_raised(tmp_path: Path) -> None:
    error = RemoteError("ValueError", ("no",))
    with (
        served(tmp_path / "s", encode((1, error)) + TERMINATOR),
        Connection(tmp_path / "s", 5) as server,
        pytest.raises(FailedError, match="no") as caught,
    ):
        server.ask(["x"])
    assert error == caught.value.error


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (encode("ERROR: what?") + TERMINATOR, "does not understand"),
        (b"garbage" + TERMINATOR, "makes no sense"),
    ],
)
def test_nonsense_is_told(tmp_path: Path, reply: bytes, text: str) -> None:
    with (
        served(tmp_path / "s", reply),
        Connection(tmp_path / "s", 5) as server,
        pytest.raises(UnreachableError, match=text),
    ):
        server.ask(["x"])


def test_who_hangs_up_is_told(tmp_path: Path) -> None:
    with (
        served(tmp_path / "s"),
        Connection(tmp_path / "s", 5) as server,
        pytest.raises(UnreachableError),
    ):
        server.ask(["x"])


def test_who_does_not_answer_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        with Connection(tmp_path / "s", 0.01) as client, pytest.raises(UnreachableError, match="timed out"):
            client.ask(["x"])


def test_why_there_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match=r"Failed to access socket path: .*/s\. Is fail2ban running\?"):
        Connection(tmp_path / "s", 1)
    (tmp_path / "file").touch()
    with pytest.raises(UnreachableError, match="Failed to access socket path"):
        Connection(tmp_path / "file", 1)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "s"))
    with pytest.raises(UnreachableError, match=r"Unable to contact server\. Is it running\?"):
        Connection(tmp_path / "s", 1)
