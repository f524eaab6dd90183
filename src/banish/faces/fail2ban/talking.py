"""Talk to a server over its socket, ours or the original's."""

from __future__ import annotations

import socket
import stat
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from banish.compat.frames import CLOSE, TERMINATOR, Framing, RemoteError, Value, decode_reply, encode
from banish.core.errors import BanishError, PeerError

_PIECE: Final = 65_536  # bytes


class UnreachableError(BanishError):
    """There is no server, or none that answers; the text says why as the original's client does."""


class FailedError(BanishError):
    """The server says that a command failed."""

    def __init__(self, error: RemoteError) -> None:
        super().__init__(str(error))
        self.error = error


class Connection:
    """An open connection; a context, left by hanging up."""

    def __init__(self, path: Path, timeout: float) -> None:
        """Connect; `UnreachableError` if that is not possible. `timeout` in seconds, for each reply."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._framing = Framing()
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise UnreachableError(_reason(path, error)) from error

    def ask(self, words: Sequence[Value]) -> Value:
        """Return the value that a command has; `FailedError` if it has none."""
        reply = self._exchange(encode(list(words)) + TERMINATOR)
        match reply:
            case (0, value):
                return value
            case (_, RemoteError() as error):
                raise FailedError(error)
            case _:
                raise UnreachableError(f"the server does not understand: {reply!r}")

    def _exchange(self, request: bytes) -> Value:
        try:
            self._socket.sendall(request)
            while True:
                piece = self._socket.recv(_PIECE)
                for payload in self._framing.feed(piece):
                    return decode_reply(payload)
                if not piece:
                    raise UnreachableError("the server hung up without an answer")
        except TimeoutError as error:
            raise UnreachableError("timed out") from error
        except (OSError, PeerError) as error:
            raise UnreachableError(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._socket.sendall(CLOSE + TERMINATOR)
        except OSError:
            pass  # the server hung up first
        finally:
            self._socket.close()


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"Permission denied to socket: {path}, (you must be root)"
    try:
        is_there = stat.S_ISSOCK(path.stat().st_mode)
    except OSError:
        is_there = False
    if not is_there:
        return f"Failed to access socket path: {path}. Is fail2ban running?"
    return f"[{error}] Unable to contact server. Is it running?"
