"""Entries as journalctl prints them, into blocks of lines that begin with their time, to the microsecond."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final

import msgspec

from banish.adapters.journal.entry import microseconds_of, text_of
from banish.core.model import Cursor, Lines

LONGEST: Final = 1 << 24  # bytes of an entry; a longer one is left out
_MICROSECOND: Final = 1_000_000

_decode: Final = msgspec.json.Decoder(dict[str, object]).decode


class Blocks:
    """What was read of one query: bytes in, in pieces of any size; blocks of lines out."""

    def __init__(self, name: str, zone: tzinfo, live_from: int) -> None:
        """`live_from` is when lines begin to be live, in microseconds since 1970."""
        self._name = name
        self._zone = zone
        self._live_from = live_from
        self._kept = b""
        self._is_cut = False
        self._known = ""
        self.bad = 0
        """How many entries could not be read."""

    def feed(self, piece: bytes) -> Lines | None:
        """Return the entries that are complete by now, if there are any."""
        *entries, self._kept = (self._kept + piece).split(b"\n")
        if len(self._kept) > LONGEST:
            self._kept, self._is_cut = b"", True
        lines: list[bytes] = []
        cursor, latest = "", 0
        for entry in entries:
            is_rest, self._is_cut = self._is_cut, False
            try:
                fields = _decode(entry) if not is_rest else {}
                if fields["__CURSOR"] == self._known:
                    continue
                latest, cursor = microseconds_of(fields), str(fields["__CURSOR"])
                lines.append(self._line(fields, latest))
            except (msgspec.DecodeError, KeyError, ValueError, OverflowError):
                self.bad += 1
        if not lines:
            return None
        is_live = latest >= self._live_from
        return Lines(self._name, b"".join(lines), Cursor(self._name, cursor), is_live)

    def reset(self, cursor: str = "") -> None:
        """Forget what is not complete: it comes again. The entry with this cursor is known already."""
        self._kept, self._is_cut, self._known = b"", False, cursor

    def _line(self, fields: dict[str, object], at: int) -> bytes:
        second, rest = divmod(at, _MICROSECOND)
        head, offset = _stamp(second, self._zone)
        text = text_of(fields).replace("\n", " ")
        return f"{head}.{rest:06d}{offset} {text}\n".encode("utf-8", "replace")


@lru_cache(maxsize=16)
def _stamp(second: int, zone: tzinfo) -> tuple[str, str]:
    moment = datetime.fromtimestamp(second, zone)
    return f"{moment:%Y-%m-%dT%H:%M:%S}", f"{moment:%z}"
