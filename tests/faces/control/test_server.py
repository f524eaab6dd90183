from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.errors import ConfigError, PeerError, RefusedError
from banish.core.plain import Json
from banish.faces.control.server import ControlServer, check_peer, parse_request


class Echo:
    """Stands where the control verbs stand, and repeats what it is asked."""

    async def call(self, verb: str, arguments: Mapping[str, Json], origin: str = "") -> Json:
        if verb == "refuse":
            raise RefusedError("no")
        if verb == "fail":
            raise ConfigError("what?")
        return [verb, arguments, origin]


async def exchange(path: Path, *requests: bytes) -> list[Any]:
    reader, writer = await asyncio.open_unix_connection(str(path))
    replies = []
    for request in requests:
        writer.write(request + b"\n")
        replies.append(json.loads(await reader.readline()))
    writer.close()
    return replies


def served(path: Path, *requests: bytes) -> list[Any]:
    async def run() -> list[Any]:
        server = ControlServer(Echo(), path)  # type: ignore[arg-type]  # has the one method that is used
        await server.open()
        try:
            return await exchange(path, *requests)
        finally:
            await server.close()

    return asyncio.run(run())


def test_requests_are_answered_in_their_order(tmp_path: Path) -> None:
    requests = b'{"verb": "a"}', b'{"verb": "b", "arguments": {"x": 1}, "from": "192.0.2.7"}'
    assert [{"answer": ["a", {}, ""]}, {"answer": ["b", {"x": 1}, "192.0.2.7"]}] == served(
        tmp_path / "socket", *requests
    )


def test_no_is_an_answer_and_errors_are_told(tmp_path: Path) -> None:
    replies = served(
        tmp_path / "socket", b'{"verb": "refuse"}', b'{"verb": "fail"}', b"what", b'{"verb": "a"}'
    )
    assert [
        {"refusal": "no"},
        {"error": "what?"},
        {"error": "the request is no JSON object on one line"},
        {"answer": ["a", {}, ""]},
    ] == replies


@pytest.mark.parametrize(
    ("complaint", "request_line"),
    [
        ("no JSON object", b"{"),
        ("no JSON object", b"[" * 100_000),
        ("no JSON object", b"\xff"),
        ('needs a "verb"', b"[]"),
        ('needs a "verb"', b'{"verb": 1}'),
        ('"arguments" must be an object', b'{"verb": "a", "arguments": []}'),
        ('"from" an address', b'{"verb": "a", "from": 1}'),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(complaint: str, request_line: bytes) -> None:
    with pytest.raises(PeerError, match=complaint):
        parse_request(request_line)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(request_line: bytes) -> None:
    try:
        parse_request(request_line)
    except PeerError:
        return


def test_only_we_may_connect(tmp_path: Path) -> None:
    async def run() -> int:
        server = ControlServer(Echo(), tmp_path / "deep" / "socket")  # type: ignore[arg-type]  # as above
        await server.open()
        mode = (tmp_path / "deep" / "socket").stat().st_mode & 0o777
        await server.close()
        return mode

    assert 0o600 == asyncio.run(run())
    assert not (tmp_path / "deep" / "socket").exists()


def test_root_and_we_ourselves_are_let_in() -> None:
    one, two = socket.socketpair()
    with one, two:
        check_peer(one)


class StrangersSocket(socket.socket):
    """A connection whose other end belongs to user 65533."""

    def getsockopt(self, *_: int) -> bytes:  # type: ignore[override]  # the one form that is used
        return struct.pack("3i", 1, 65_533, 65_533)


def test_others_are_turned_away() -> None:
    with StrangersSocket(socket.AF_UNIX) as connection, pytest.raises(PermissionError):
        check_peer(connection)


def test_a_socket_that_a_killed_daemon_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    assert [{"answer": ["a", {}, ""]}] == served(path, b'{"verb": "a"}')


def test_a_socket_that_somebody_serves_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(ConfigError, match="another daemon listens there"):
            served(path)


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"control socket .*/file/socket: .*; run as root, or set socket"):
        served(tmp_path / "file" / "socket")
