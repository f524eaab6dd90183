"""Where a request ends: bytes in, in pieces of any size; whole payloads out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from banish.core.errors import PeerError

TERMINATOR: Final = b"<F2B_END_COMMAND>"
CLOSE: Final = b"<F2B_CLOSE_COMMAND>"
LONGEST: Final = 64 << 20
"""Bytes of a payload; the stream of a reload with many jails has one million."""


class Framing:
    """The bytes of one connection that are not a whole payload yet."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._kept = bytearray()
        self._searched = 0  # bytes in which no terminator begins

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the payloads that are complete by now, without their terminators.

        `PeerError` if the one that is not is too long.
        """
        self._kept += piece
        while (end := self._kept.find(TERMINATOR, self._searched)) >= 0:
            payload = bytes(self._kept[:end])
            del self._kept[: end + len(TERMINATOR)]
            self._searched = 0
            yield payload
        self._searched = max(0, len(self._kept) - len(TERMINATOR) + 1)
        if len(self._kept) > self._longest:
            raise PeerError(f"a message of more than {self._longest} bytes; split it")
