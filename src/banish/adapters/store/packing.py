"""Subjects, texts and evidence as compact bytes, and back; what goes in comes out, whatever it is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Final

from banish.core.model import Evidence, Instant, Subject

LINE_CHARS: Final = 4096  # of each line kept
FAILURE_LINES: Final = 32  # of each failure kept
BAN_BYTES: Final = 65_536  # of each ban's evidence, before it is compressed
PLAIN_BYTES: Final = 1000  # evidence up to this size is not compressed

_TEXT: Final = b"t"
_TAGS: Final = {AF_INET: b"4", AF_INET6: b"6"}
_FAMILIES: Final = {b"4": (AF_INET, 5), b"6": (AF_INET6, 17)}  # and where a prefix length follows
_COMPACT: Final = json.JSONEncoder(separators=(",", ":"))


def pack_text(text: str) -> bytes:
    """Encode any text, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def unpack_text(packed: bytes) -> str:
    """Undo `pack_text`."""
    return packed.decode("utf-8", "surrogatepass")


def pack_subject(subject: Subject) -> bytes:
    """Encode a subject: 5 bytes for an IPv4 address, 17 for IPv6, one more for a network, else its text."""
    address, slash, length = subject.partition("/")
    family = AF_INET6 if ":" in address else AF_INET
    try:
        packed = inet_pton(family, address)
        suffix = bytes([int(length)]) if slash else b""
    except (OSError, ValueError):
        return _TEXT + pack_text(subject)
    whole = _TAGS[family] + packed + suffix
    return whole if unpack_subject(whole) == subject else _TEXT + pack_text(subject)


def unpack_subject(packed: bytes) -> Subject:
    """Undo `pack_subject`; `ValueError` for bytes that it did not make."""
    tag = packed[:1]
    if tag == _TEXT:
        return Subject(unpack_text(packed[1:]))
    if tag not in _FAMILIES:
        raise ValueError(f"no subject: {packed!r}")
    family, end = _FAMILIES[tag]
    address = inet_ntop(family, packed[1:end])
    return Subject(f"{address}/{packed[end]}" if len(packed) > end else address)


def pack_evidence(evidence: Sequence[Evidence], most: int) -> bytes | None:
    """Encode the last `most` failures, or as many of them as there is room for; nothing if there are none."""
    kept: list[str] = []
    room = BAN_BYTES
    for failure in reversed(evidence[-most:] if most > 0 else ()):
        lines = [line[:LINE_CHARS] for line in failure.lines[-FAILURE_LINES:]]
        item = _COMPACT.encode([failure.at, failure.rule, lines])
        room -= len(item)
        if room < 0:
            break
        kept.append(item)
    if not kept:
        return None
    text = f"[{','.join(reversed(kept))}]".encode("ascii")
    # level 1: 10 lines of sshd shrink to a third in 20 µs; level 6 takes twice as long for a tenth more. Few
    # lines are stored as they are: a flood of 5,000 bans then takes 0.1 s less
    return zlib.compress(text, 1 if len(text) > PLAIN_BYTES else 0)


def unpack_evidence(packed: bytes | None = None) -> tuple[Evidence, ...]:
    """Undo `pack_evidence`; `ValueError` for bytes that it did not make."""
    if packed is None:
        return ()
    try:
        failures = json.loads(zlib.decompress(packed))
        return tuple(Evidence(Instant(at), rule, tuple(lines)) for at, rule, lines in failures)
    except (zlib.error, TypeError) as error:
        raise ValueError(f"no evidence: {error}") from error
