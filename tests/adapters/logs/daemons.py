"""A log daemon for tests: a socket that keeps what is sent to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Listener:
    """Listens on a socket in the file system."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(0)

    def heard(self) -> list[bytes]:
        """Take what has come."""
        messages = []
        while True:
            try:
                messages.append(self._socket.recv(65_536))
            except BlockingIOError:
                return messages

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening(path: Path) -> Iterator[Listener]:
    listener = Listener(path)
    try:
        yield listener
    finally:
        listener.close()
