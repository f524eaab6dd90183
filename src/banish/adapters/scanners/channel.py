"""The daemon's end of the socket to one scanner: whole answers in, tasks out, never waiting for either."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import Final

from banish.adapters.scanners.frames import Answer, Ear
from banish.core.errors import PeerError

_LARGEST_READ: Final = 1 << 18


class Channel:
    """Calls `hear` with every answer, and `end` when there will be no more: perhaps with a reason."""

    def __init__(self, hear: Callable[[Answer], None], end: Callable[[str], None]) -> None:
        self._hear, self._end = hear, end
        self._mine, self.theirs = socket.socketpair()
        self._mine.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        self._ear = Ear()
        self._unsent: deque[memoryview] = deque()
        self._loop = asyncio.get_running_loop()
        self._is_open = False

    def open(self) -> None:
        """Begin to listen, and leave the other end to whoever holds a copy of it."""
        self.theirs.close()
        self._is_open = True
        self._loop.add_reader(self._mine, self._receive)

    def send(self, data: bytes) -> None:
        """Send now what can be sent, and the rest as soon as it can; after the end, nothing."""
        if not self._is_open:
            return
        self._unsent.append(memoryview(data))
        if len(self._unsent) == 1:
            self._send()

    def close(self) -> None:
        """Say nothing and hear nothing any more."""
        self.theirs.close()
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._mine)
            self._loop.remove_writer(self._mine)
        self._mine.close()

    def _send(self) -> None:
        try:
            while self._unsent:
                view = self._unsent[0]
                sent = self._mine.send(view)
                if sent == len(view):
                    self._unsent.popleft()
                else:
                    self._unsent[0] = view[sent:]
        except BlockingIOError:
            self._loop.add_writer(self._mine, self._send)
        except OSError:
            self._unsent.clear()  # the other side is gone, which the reader is told as well
            self._loop.remove_writer(self._mine)
        else:
            self._loop.remove_writer(self._mine)

    def _receive(self) -> None:
        try:
            data = self._mine.recv(_LARGEST_READ)
        except BlockingIOError:
            return
        except ConnectionResetError:  # it died before it had read everything
            data = b""
        if not data:
            self._stop("")
            return
        try:
            for answer in self._ear.hear(data):
                if not self._is_open:
                    return  # somebody who heard the answer before has had enough
                self._hear(answer)
        except PeerError as error:
            self._stop(str(error))

    def _stop(self, reason: str) -> None:
        self.close()
        self._end(reason)
