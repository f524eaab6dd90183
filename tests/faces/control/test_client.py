from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from banish.core.errors import BanishError, RefusedError
from banish.faces.control import client
from banish.faces.control.client import AbsentError, ask, operator_address


@contextmanager
def answering(path: Path, reply: bytes) -> Iterator[list[bytes]]:
    """Serve one client with one reply; yields what it asked."""
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as requests:
                asked.append(requests.readline())
                connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join()


def test_the_answer_is_returned(tmp_path: Path) -> None:
    with answering(tmp_path / "socket", b'{"answer": [1]}\n'):
        assert [1] == ask(str(tmp_path / "socket"), "status", {})


def test_the_operators_address_goes_with_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.7 51515 192.0.2.1 22")
    with answering(tmp_path / "socket", b'{"answer": null}\n') as asked:
        ask(str(tmp_path / "socket"), "ban", {"x": 1})
    assert [b'{"verb": "ban", "arguments": {"x": 1}, "from": "192.0.2.7"}\n'] == asked


@pytest.mark.parametrize(
    ("address", "environment"),
    [
        ("192.0.2.7", {"SSH_CONNECTION": "192.0.2.7 1 192.0.2.1 22"}),
        ("2001:db8::7", {"SSH_CLIENT": "2001:db8::7 1 22"}),
        ("", {"SSH_CONNECTION": " "}),
        ("", {}),
    ],
)
def test_ssh_tells_where_the_operator_is(address: str, environment: dict[str, str]) -> None:
    assert address == operator_address(environment)


def test_no_is_an_answer(tmp_path: Path) -> None:
    with answering(tmp_path / "socket", b'{"refusal": "no"}\n'), pytest.raises(RefusedError, match="no"):
        ask(str(tmp_path / "socket"), "ban", {})


def test_an_error_is_told(tmp_path: Path) -> None:
    with answering(tmp_path / "socket", b'{"error": "what?"}\n'), pytest.raises(BanishError, match="what"):
        ask(str(tmp_path / "socket"), "ban", {})


def test_nobody_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="start it with banish run"):
        ask(str(tmp_path / "socket"), "status", {})


def test_being_turned_away_without_a_word_is_told(tmp_path: Path) -> None:
    with answering(tmp_path / "socket", b""), pytest.raises(BanishError, match="turned away"):
        ask(str(tmp_path / "socket"), "status", {})


def test_a_daemon_that_does_not_answer_is_not_waited_for_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.01)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        with pytest.raises(BanishError, match=r"no answer within 0\.01 s"):
            ask(str(tmp_path / "socket"), "status", {})


def test_a_path_that_is_no_socket_is_named(tmp_path: Path) -> None:
    with pytest.raises(BanishError, match=str(tmp_path)):
        ask(str(tmp_path / ("x" * 200)), "status", {})
