"""A socket of a log daemon: datagrams that are never waited for, and that may get lost."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Final

LONGEST: Final = 8192  # bytes of one message; rsyslog cuts there, and attackers write into messages


class Mailbox:
    """Sends to a socket in the file system, and finds it again after its owner was restarted."""

    def __init__(self, path: Path) -> None:
        """Connect; `OSError` if nobody listens there."""
        self._path = path
        self._socket = self._connected()

    def send(self, message: bytes) -> None:
        """Hand over a message, which is lost where nobody takes it at once: a full log holds up nothing."""
        try:
            self._socket.send(message)
        except BlockingIOError:
            return
        except OSError:
            with contextlib.suppress(OSError):
                fresh = self._connected()
                self._socket.close()
                self._socket = fresh
                self._socket.send(message)

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()

    def _connected(self) -> socket.socket:
        mailbox = socket.socket(
            socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        )
        try:
            mailbox.connect(str(self._path))
        except OSError:
            mailbox.close()
            raise
        return mailbox
