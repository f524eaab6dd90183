"""Serve the control socket: one JSON object a line in, one out.

Request: `{"verb": "ban", "arguments": {…}, "from": "198.51.100.7"}`. Answer: `{"answer": …}`, or
`{"refusal": "why not"}`, or `{"error": "what is wrong with the request"}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from banish.core.errors import BanishError, ConfigError, PeerError, RefusedError
from banish.core.plain import Json
from banish.daemon.control import Control

LONGEST_REQUEST: Final = 1 << 20  # bytes
MOST_CLIENTS: Final = 32  # at a time; more wait in the kernel's queue
PATIENCE: Final = 60.0  # seconds a client may take for its request


class ControlServer:
    """The listening socket. Who is not root, nor the user the daemon runs as, is turned away."""

    def __init__(self, control: Control, path: Path) -> None:
        self._control = control
        self._path = path
        self._free = asyncio.Semaphore(MOST_CLIENTS)
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen. `ConfigError` if another daemon does so already, or the place cannot be used."""
        try:
            self._path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            if self._path.is_socket():
                self._take_over()
            mask = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(
                    self._welcome, str(self._path), limit=LONGEST_REQUEST
                )
            finally:
                os.umask(mask)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"control socket {self._path}: {reason}; run as root, or set socket") from error

    def _take_over(self) -> None:
        """Remove a socket that nobody listens on; a daemon that was killed leaves it behind."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self._path))
            except ConnectionRefusedError:
                self._path.unlink()
                return
        raise ConfigError(f"{self._path}: another daemon listens there; stop it first (banish status)")

    async def close(self) -> None:
        """Stop listening, remove the socket, and hang up on everybody."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._path.unlink(missing_ok=True)
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            check_peer(writer.get_extra_info("socket"))
            async with self._free:
                while line := await asyncio.wait_for(reader.readline(), PATIENCE):
                    writer.write(json.dumps(await self._reply(line)).encode() + b"\n")
                    await writer.drain()
        except (OSError, TimeoutError, ValueError):  # a stranger, a slow one, one who left, too long a line
            return
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _reply(self, line: bytes) -> Json:
        try:
            verb, arguments, origin = parse_request(line)
            return {"answer": await self._control.call(verb, arguments, origin)}
        except RefusedError as refusal:
            return {"refusal": str(refusal)}
        except BanishError as error:
            return {"error": str(error)}


def parse_request(line: bytes) -> tuple[str, Mapping[str, Json], str]:
    """Return verb, arguments and the operator's address; `PeerError` for anything else."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PeerError("the request is no JSON object on one line") from error
    if not isinstance(request, dict) or not isinstance(request.get("verb"), str):
        raise PeerError('the request needs a "verb"')
    arguments, origin = request.get("arguments", {}), request.get("from", "")
    if not isinstance(arguments, dict) or not isinstance(origin, str):
        raise PeerError('"arguments" must be an object and "from" an address')
    return request["verb"], arguments, origin


def check_peer(connection: socket.socket) -> None:
    """Let in root and our own user; `PermissionError` for others. Source: unix(7), SO_PEERCRED."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    if uid not in {0, os.geteuid()}:
        raise PermissionError
