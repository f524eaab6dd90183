from __future__ import annotations

import asyncio
import grp
import json
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from banish.core.errors import ConfigError, RefusedError
from banish.core.plain import Json
from banish.faces.control.server import ControlServer, check_peer


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


def test_only_we_may_connect(tmp_path: Path) -> None:
    async def run() -> int:
        server = ControlServer(Echo(), tmp_path / "deep" / "socket")  # type: ignore[arg-type]  # as above
        await server.open()
        mode = (tmp_path / "deep" / "socket").stat().st_mode & 0o777
        await server.close()
        return mode

    assert 0o600 == asyncio.run(run())
    assert not (tmp_path / "deep" / "socket").exists()


def test_a_socket_that_was_handed_over_stays_when_we_go(tmp_path: Path) -> None:
    path = tmp_path / "socket"

    async def run() -> list[Any]:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        server = ControlServer(Echo(), path, handed=listener)  # type: ignore[arg-type]  # as above
        await server.open()
        try:
            return await exchange(path, b'{"verb": "a"}')
        finally:
            await server.close()

    assert [{"answer": ["a", {}, ""]}] == asyncio.run(run())
    assert path.is_socket()


def test_root_and_we_ourselves_are_let_in() -> None:
    one, two = socket.socketpair()
    with one, two:
        assert check_peer(one)


class StrangersSocket(socket.socket):
    """A connection whose other end belongs to user 65533."""

    def getsockopt(self, _level: int, option: int, *_: int) -> bytes:  # type: ignore[override]  # as used
        is_credentials = option == socket.SO_PEERCRED
        return struct.pack("3i", 1, 65_533, 65_533) if is_credentials else struct.pack("2I", 65_530, 65_531)


def test_others_are_turned_away() -> None:
    with StrangersSocket(socket.AF_UNIX) as connection, pytest.raises(PermissionError):
        check_peer(connection)


@pytest.mark.parametrize("group", [65_533, 65_530, 65_531])
def test_readers_may_ask(group: int) -> None:
    with StrangersSocket(socket.AF_UNIX) as connection:
        assert not check_peer(connection, group)
        with pytest.raises(PermissionError):
            check_peer(connection, 65_532)


def test_a_group_of_readers_must_be_there(tmp_path: Path) -> None:
    async def run(group: str) -> int:
        server = ControlServer(Echo(), tmp_path / "socket", readers=group)  # type: ignore[arg-type]  # as above
        await server.open()
        mode = (tmp_path / "socket").stat().st_mode & 0o777
        await server.close()
        return mode

    with pytest.raises(ConfigError, match="no such group"):
        asyncio.run(run("no-such-group"))
    assert 0o660 == asyncio.run(run(grp.getgrgid(os.getgid()).gr_name))


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
