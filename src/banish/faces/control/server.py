"""Serve the control socket, in our own language and in that of fail2ban's clients."""

from __future__ import annotations

import asyncio
import contextlib
import grp
import os
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from banish.core.errors import ConfigError, PeerError
from banish.daemon.control import Control
from banish.faces.control.talk import JsonTalk, Talk
from banish.faces.fail2ban.transmitter import Transmitter
from banish.faces.fail2ban.wire import WireTalk, is_wire

MOST_CLIENTS: Final = 32  # at a time; more wait in the kernel's queue
PATIENCE: Final = 60.0  # seconds a client may take for its request
_PIECE: Final = 65_536  # bytes read at once
_MOST_GROUPS: Final = 1024


class ControlServer:
    """The listening socket.

    Root, and the user the daemon runs as, may do everything; the group of readers may ask. Others are turned
    away.
    """

    def __init__(
        self,
        control: Control,
        path: Path,
        transmitter: Transmitter | None = None,
        readers: str = "",
        *,
        handed: socket.socket | None = None,
    ) -> None:
        """Without a `transmitter` fail2ban's language is not understood. `readers` is a group, or nobody.

        A socket that was `handed` over listens already; who may connect is up to who made it.
        """
        self._control = control
        self._path = path
        self._transmitter = transmitter
        self._readers = readers
        self._handed = handed
        self._group: int | None = None
        self._free = asyncio.Semaphore(MOST_CLIENTS)
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen. `ConfigError` if another daemon does so already, or the place cannot be used."""
        try:
            self._group = _group(self._readers)
            if self._handed is not None:
                self._server = await self._listen_on(self._handed)
                return
            self._path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            if self._path.is_socket():
                self._take_over()
            mask = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._welcome, str(self._path))
            finally:
                os.umask(mask)
            if self._group is not None:
                os.chown(self._path, -1, self._group)
                self._path.chmod(0o660)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"control socket {self._path}: {reason}; run as root, or set socket") from error

    async def _listen_on(self, listener: socket.socket) -> asyncio.Server:
        if sys.version_info >= (3, 13):  # from there on a server that ends takes its path away
            return await asyncio.start_unix_server(self._welcome, sock=listener, cleanup_socket=False)
        return await asyncio.start_unix_server(self._welcome, sock=listener)

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
        if self._handed is None:
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
            may_change = check_peer(writer.get_extra_info("socket"), self._group)
            async with self._free:
                piece = await asyncio.wait_for(reader.read(_PIECE), PATIENCE)
                talk = self._talk(piece, may_change=may_change)
                while piece:
                    for request in talk.feed(piece):
                        if (reply := await talk.reply(request)) is None:
                            return
                        writer.write(reply)
                        await writer.drain()
                    piece = await asyncio.wait_for(reader.read(_PIECE), PATIENCE)
        except (OSError, TimeoutError, PeerError):  # a stranger, a slow one, one who left, too much
            return
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _talk(self, piece: bytes, *, may_change: bool) -> Talk:
        if self._transmitter is not None and is_wire(piece):
            return WireTalk(self._transmitter, may_change=may_change)
        return JsonTalk(self._control, may_change=may_change)


def check_peer(connection: socket.socket, readers: int | None = None) -> bool:
    """Say whether a peer may change something, or only ask; `PermissionError` for strangers.

    Source: unix(7), SO_PEERCRED; SO_PEERGROUPS since Linux 4.13.
    """
    size = struct.calcsize("3i")
    _, uid, gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    if uid in {0, os.geteuid()}:
        return True
    if readers is None or readers not in {gid, *_groups_of(connection)}:
        raise PermissionError
    return False


def _groups_of(connection: socket.socket) -> Sequence[int]:
    so_peergroups = 59  # not named by Python
    size = struct.calcsize("I")
    raw = connection.getsockopt(socket.SOL_SOCKET, so_peergroups, _MOST_GROUPS * size)
    return struct.unpack(f"{len(raw) // size}I", raw)


def _group(name: str) -> int | None:
    try:
        return grp.getgrnam(name).gr_gid if name else None
    except KeyError as error:
        raise ConfigError(f'readers = "{name}": there is no such group; addgroup --system {name}') from error
