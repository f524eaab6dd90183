"""fail2ban's protocol on a connection: requests of its clients, answered by the table of commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from banish.compat.frames import CLOSE, TERMINATOR, Framing, RemoteError, Value, decode, encode
from banish.core.errors import PeerError
from banish.faces.fail2ban.transmitter import ASKING, Transmitter

_BEGINNINGS: Final = (b"\x80", b"]", b"(", TERMINATOR[:1])


def is_wire(piece: bytes) -> bool:
    """Whether a conversation that begins so is held in this language."""
    return piece.startswith(_BEGINNINGS)


class WireTalk:
    """One side of a conversation with a client of fail2ban's."""

    def __init__(self, transmitter: Transmitter, *, may_change: bool) -> None:
        """Who may not change anything may ask."""
        self._transmitter = transmitter
        self._may_change = may_change
        self._framing = Framing()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield payloads."""
        return self._framing.feed(piece)

    async def reply(self, request: bytes) -> bytes | None:
        """Return the answer, framed; nothing to the wish to close."""
        if request == CLOSE:
            return None
        return encode(await self._answer(request)) + TERMINATOR

    async def _answer(self, payload: bytes) -> Value:
        try:
            request = decode(payload)
        except PeerError as error:
            return f"ERROR: {error}"
        if not self._may_change and not _asks(request):
            text = "Permission denied: this changes something, which only root may"
            return (1, RemoteError("Exception", (text,)))
        return await self._transmitter.answer(request)


def _asks(request: Value) -> bool:
    if not isinstance(request, list | tuple) or not request:
        return False
    return isinstance(request[0], str) and request[0] in ASKING
