"""Subjects, texts and evidence as compact bytes, and back; what goes in comes out, whatever it is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any, Final

import msgspec

from banish.core.model import NO_FIELDS, Evidence, Field, Instant, Place, Subject

LINE_CHARS: Final = 4096  # of each line kept
FAILURE_LINES: Final = 32  # of each failure kept
BAN_BYTES: Final = 65_536  # of each ban's evidence, before it is compressed
PLAIN_BYTES: Final = 1000  # evidence up to this size is not compressed

_TEXT: Final = b"t"
_TAGS: Final = {AF_INET: b"4", AF_INET6: b"6"}
_FAMILIES: Final = {b"4": (AF_INET, 5), b"6": (AF_INET6, 17)}  # and where a prefix length follows
_FOUR, _SHORT = ord("4"), 5  # a single address of IPv4
_FAILURES, _FIELDS = "failures", "fields"
_DEFLATED: Final = b"x"  # what zlib begins with, and neither MessagePack nor JSON
_BRACKETS: Final = (b"{", b"[")
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final[Callable[[bytes], Any]] = msgspec.msgpack.Decoder().decode


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
    """Encode fields and the last `most` failures, or as many as there is room for; None for nothing."""
    failures = [_cut(failure) for failure in evidence[-most:]] if most > 0 else []
    if not failures and not fields:
        return None
    kept = {name: _cut_field(value) for name, value in fields.items()}
    packed = _pack({_FAILURES: failures, _FIELDS: kept})
    if len(packed) > BAN_BYTES:
        packed = _pack({_FAILURES: _fitting(failures), _FIELDS: kept})
    # level 1: 10 lines of sshd shrink to a third in 20 µs; level 6 takes twice as long for a tenth more
    return zlib.compress(packed, 1) if len(packed) > PLAIN_BYTES else packed


def unpack_proof(packed: bytes | None = None) -> tuple[tuple[Evidence, ...], Mapping[str, Field]]:
    """Undo `pack_proof`; `ValueError` for bytes that it did not make."""
    if packed is None:
        return (), NO_FIELDS
    try:
        proof = _unpack(zlib.decompress(packed) if packed[:1] == _DEFLATED else packed)
        failures, fields = (proof[_FAILURES], proof[_FIELDS]) if isinstance(proof, dict) else (proof, {})
        evidence = tuple(Evidence(Instant(at), rule, tuple(lines)) for at, rule, lines in failures)
        return evidence, {
            name: value if isinstance(value, str) else tuple(value) for name, value in fields.items()
        }
    except (zlib.error, msgspec.MsgspecError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no evidence: {error}") from error


def _pack(proof: Any) -> bytes:
    """Encode as MessagePack, or as JSON where a text has halves of characters, as some logs do."""
    try:
        return _encode(proof)
    except UnicodeEncodeError:
        return json.dumps(proof).encode("ascii")


def _unpack(packed: bytes) -> Any:
    """Undo `_pack`; once, all was JSON, and without fields a mere list of failures."""
    return json.loads(packed) if packed[:1] in _BRACKETS else _decode(packed)


def _cut(failure: Evidence) -> Evidence:
    """Return a failure with no more lines, and no longer ones, than are kept."""
    if len(failure.lines) <= FAILURE_LINES and all(len(line) <= LINE_CHARS for line in failure.lines):
        return failure
    return failure._replace(lines=tuple(line[:LINE_CHARS] for line in failure.lines[-FAILURE_LINES:]))


def _fitting(failures: Sequence[Evidence]) -> list[Evidence]:
    """Return as many of the last failures as there is room for."""
    kept: list[Evidence] = []
    room = BAN_BYTES
    for failure in reversed(failures):
        room -= len(_pack(failure))
        if room < 0:
            break
        kept.append(failure)
    return kept[::-1]


def _cut_field(value: Field) -> Field:
    """Return a field of bounded length; attackers choose how long it is."""
    if isinstance(value, str):
        return value[:LINE_CHARS]
    return tuple(part and part[:LINE_CHARS] for part in value)
