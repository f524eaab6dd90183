"""Subjects, texts and evidence as compact bytes, and back; what goes in comes out, whatever it is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Final

from banish.core.model import NO_FIELDS, Evidence, Field, Instant, Place, Subject

LINE_CHARS: Final = 4096  # of each line kept
FAILURE_LINES: Final = 32  # of each failure kept
BAN_BYTES: Final = 65_536  # of each ban's evidence, before it is compressed
PLAIN_BYTES: Final = 1000  # evidence up to this size is not compressed

_TEXT: Final = b"t"
_TAGS: Final = {AF_INET: b"4", AF_INET6: b"6"}
_FAMILIES: Final = {b"4": (AF_INET, 5), b"6": (AF_INET6, 17)}  # and where a prefix length follows
_FOUR, _SHORT = ord("4"), 5  # a single address of IPv4
_NOTHING: Final = "[]"
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
    if len(packed) == _SHORT and packed[0] == _FOUR:  # fast path: nearly all, and a start reads very many
        return Subject(inet_ntop(AF_INET, packed[1:]))
    tag = packed[:1]
    if tag == _TEXT:
        return Subject(unpack_text(packed[1:]))
    if tag not in _FAMILIES:
        raise ValueError(f"no subject: {packed!r}")
    family, end = _FAMILIES[tag]
    address = inet_ntop(family, packed[1:end])
    return Subject(f"{address}/{packed[end]}" if len(packed) > end else address)


def unpack_ends(
    rows: Sequence[tuple[bytes, int, Instant, Instant]], jails: Mapping[int, str]
) -> list[tuple[Place, Instant]]:
    """Return who is banned and until when, of rows of subject, jail, begin, end; they may be a million."""
    found: list[tuple[Place, Instant]] = []
    for subject, jail, _, until in rows:
        # fast path: a quarter of a second of a million; clean twin: `Place(...)`
        found.append((tuple.__new__(Place, (jails[jail], unpack_subject(subject))), until))
    return found


def pack_proof(
    evidence: Sequence[Evidence], fields: Mapping[str, Field] = NO_FIELDS, *, most: int
) -> bytes | None:
    """Encode the last `most` failures, or as many of them as there is room for, and fields; None for nothing.

    Without fields it is a list of failures, with them an object.
    """
    failures = evidence[-most:] if most > 0 else ()
    text = _COMPACT.encode([_proof(failure) for failure in failures])
    if len(text) > BAN_BYTES:
        text = f"[{','.join(_fitting(failures))}]"
    if text == _NOTHING and not fields:
        return None
    if fields:
        text = f'{{"failures":{text},"fields":{_COMPACT.encode(_cut(fields))}}}'
    packed = text.encode("ascii")
    # level 1: 10 lines of sshd shrink to a third in 20 µs; level 6 takes twice as long for a tenth more. Few
    # lines are stored as they are: a flood of 5,000 bans then takes 0.1 s less
    return zlib.compress(packed, 1 if len(packed) > PLAIN_BYTES else 0)


def unpack_proof(packed: bytes | None = None) -> tuple[tuple[Evidence, ...], Mapping[str, Field]]:
    """Undo `pack_proof`; `ValueError` for bytes that it did not make."""
    if packed is None:
        return (), NO_FIELDS
    try:
        proof = json.loads(zlib.decompress(packed))
        failures, fields = (proof["failures"], proof["fields"]) if isinstance(proof, dict) else (proof, {})
        evidence = tuple(Evidence(Instant(at), rule, tuple(lines)) for at, rule, lines in failures)
        return evidence, {
            name: value if isinstance(value, str) else tuple(value) for name, value in fields.items()
        }
    except (zlib.error, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no evidence: {error}") from error


def _proof(failure: Evidence) -> list[object]:
    lines = [line[:LINE_CHARS] for line in failure.lines[-FAILURE_LINES:]]
    return [failure.at, failure.rule, lines]


def _fitting(failures: Sequence[Evidence]) -> list[str]:
    """Encode as many of the last failures as there is room for."""
    kept: list[str] = []
    room = BAN_BYTES
    for failure in reversed(failures):
        item = _COMPACT.encode(_proof(failure))
        room -= len(item)
        if room < 0:
            break
        kept.append(item)
    return kept[::-1]


def _cut(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return fields of bounded length; attackers choose how long they are."""
    return {
        name: value[:LINE_CHARS]
        if isinstance(value, str)
        else tuple(part and part[:LINE_CHARS] for part in value)
        for name, value in fields.items()
    }
