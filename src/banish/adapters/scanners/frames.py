"""What the daemon and a scanner say to each other, as bytes.

To a scanner: a `Task` and the bytes of its block. From it: `Ready` or `Refused`, then for every task to be
answered its `Part`s. A scanner reads what attackers write, so nothing it says is believed: lengths, types and
numbers are checked before anything is made of them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final, TypeAlias

import msgspec

from banish.core.errors import PeerError
from banish.core.match import Findings
from banish.core.model import Hit, Instant, Note, Subject, Topic

LONGEST_PART: Final = 8 << 20  # bytes; a single hit with all its texts cut is far below
_PART_HITS: Final = 2000  # takes the daemon about 3 ms to read, so that it can look at other things between
_CUT: Final = 1000  # characters left of each text of what is too long: as much as is kept of evidence
_CUT_LINES: Final = 10  # as many as are kept of evidence
_MOST_NOTES: Final = 100  # of one task

_LENGTH: Final = struct.Struct("=I")
_LENGTHS: Final = struct.Struct("=II")

_Index: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
_Time: TypeAlias = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
_Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]


class Task(msgspec.Struct, array_like=True):
    """A block to be scanned; `wants_answer` is false for one that is only to be learned from.

    `jails` are numbers in the program.
    """

    number: int
    source: str
    live: bool
    now: float
    jails: list[int]
    wants_answer: bool


class Ready(msgspec.Struct, array_like=True, tag="ready"):
    """A scanner has given up its rights."""

    user: int
    landlock: bool
    seccomp: bool


class Refused(msgspec.Struct, array_like=True, tag="refused"):
    """A scanner cannot go on, and why."""

    reason: str


class WireHit(msgspec.Struct, array_like=True, gc=False):
    """A hit; the jail is a number in the program."""

    jail: _Index
    subject: _Name
    at: _Time
    rule: _Index
    lines: tuple[str, ...]
    fields: dict[str, str | tuple[str | None, ...]]
    is_name: bool
    line: _Index


class WireNote(msgspec.Struct, array_like=True):
    """What the operator should know; scanners only ever have trouble."""

    jail: str
    at: _Time
    text: str


class Part(msgspec.Struct, array_like=True, tag="part"):
    """Some of what a task found; the last one says so."""

    number: int
    is_last: bool
    hits: list[WireHit]
    notes: list[WireNote]


Answer: TypeAlias = Ready | Refused | Part

_encode: Final = msgspec.msgpack.Encoder().encode
_decode_task: Final = msgspec.msgpack.Decoder(Task).decode
_decode_answer: Final[Callable[[bytes], Answer]] = msgspec.msgpack.Decoder(Ready | Refused | Part).decode

# -------------------------------------------------------------------------------------- to a scanner


def pack_task(task: Task, block: bytes) -> bytes:
    """Return the bytes that hand a task over."""
    head = _encode(task)
    return b"".join((_LENGTHS.pack(len(head), len(block)), head, block))


def task_size(lengths: bytes) -> tuple[int, int]:
    """Return how many bytes of task and of block follow the first `LENGTHS_SIZE` bytes."""
    head, block = _LENGTHS.unpack(lengths)
    return head, block


LENGTHS_SIZE: Final = _LENGTHS.size


def unpack_task(head: bytes) -> Task:
    """Return the task; the daemon is believed."""
    return _decode_task(head)


# ------------------------------------------------------------------------------------ from a scanner


def pack_answer(answer: Answer) -> bytes:
    """Return the bytes of an answer."""
    body = _encode(answer)
    return _LENGTH.pack(len(body)) + body


def pack_findings(number: int, findings: Findings, jails: Sequence[str]) -> Iterator[bytes]:
    """Yield the bytes of everything that a task found, in parts; `jails` are those of the program."""
    index = {name: place for place, name in enumerate(jails)}
    notes = [WireNote(note.jail, note.at, note.text[:_CUT]) for note in findings.notes[:_MOST_NOTES]]
    hits = findings.hits
    starts = range(0, len(hits), _PART_HITS) if hits else range(1)
    for start in starts:
        chosen = [_wire(hit, index) for hit in hits[start : start + _PART_HITS]]
        is_last = start + _PART_HITS >= len(hits)
        yield from _pack_part(Part(number, is_last, chosen, notes if is_last else []))


def _pack_part(part: Part) -> Iterator[bytes]:
    """Yield a part, or its halves where it is too long; one hit that is too long for itself is cut."""
    try:
        packed = pack_answer(part)
    except UnicodeEncodeError:  # some encodings, such as utf-7, can say halves of characters
        packed = pack_answer(_with(part, [_tame(hit) for hit in part.hits], is_last=part.is_last))
    if len(packed) <= LONGEST_PART:
        yield packed
    elif len(part.hits) == 1:
        yield pack_answer(_with(part, [_tame(part.hits[0])], is_last=part.is_last))
    else:
        half = len(part.hits) // 2
        yield from _pack_part(_with(part, part.hits[:half], is_last=False))
        yield from _pack_part(_with(part, part.hits[half:], is_last=part.is_last))


def _with(part: Part, hits: list[WireHit], *, is_last: bool) -> Part:
    return Part(part.number, is_last, hits, part.notes if is_last else [])


def _wire(hit: Hit, jails: dict[str, int]) -> WireHit:
    return WireHit(
        jails[hit.jail], hit.subject, hit.at, hit.rule, hit.lines, dict(hit.fields), hit.is_name, hit.line
    )


def _tame(hit: WireHit) -> WireHit:
    """Return a hit that fits, with characters that can be written."""
    fields = {
        name: _tamed(value)
        if isinstance(value, str)
        else tuple(each and _tamed(each) for each in value[:_CUT_LINES])
        for name, value in hit.fields.items()
    }
    lines = tuple(map(_tamed, hit.lines[-_CUT_LINES:]))
    return WireHit(hit.jail, _tamed(hit.subject), hit.at, hit.rule, lines, fields, hit.is_name, hit.line)


def _tamed(text: str) -> str:
    return text[:_CUT].encode(errors="replace").decode()


class Ear:
    """Takes bytes from a scanner as they come, and yields answers as soon as they are whole."""

    def __init__(self) -> None:
        self._held = bytearray()

    def hear(self, data: bytes) -> Iterator[Answer]:
        """Yield what is whole now; `PeerError` for what is no answer."""
        self._held += data
        while len(self._held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held)
            if length > LONGEST_PART:
                raise PeerError(f"an answer of {length} bytes; at most {LONGEST_PART} are allowed")
            end = _LENGTH.size + length
            if len(self._held) < end:
                return
            body = bytes(self._held[_LENGTH.size : end])
            del self._held[:end]
            yield _answer(body)


def _answer(body: bytes) -> Answer:
    try:
        return _decode_answer(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PeerError(f"not an answer: {error}") from error


def read_part(
    part: Part, findings: Findings, asked: Sequence[str], jails: Sequence[str], lines: range
) -> None:
    """Add what a part says to the findings of a task for the jails `asked` and these lines.

    `PeerError` if it speaks of what it was not asked for.
    """
    wanted = {place for place, name in enumerate(jails) if name in set(asked)}
    if not {hit.jail for hit in part.hits} <= wanted or any(hit.line >= len(lines) for hit in part.hits):
        raise PeerError("a hit of a jail or a line that was not asked for")
    if len(findings.hits) + len(part.hits) > len(lines) * len(wanted):
        raise PeerError(f"more than one hit for each of {len(lines)} lines and {len(wanted)} jails")
    if len(findings.notes) + len(part.notes) > _MOST_NOTES or any(
        note.jail not in asked for note in part.notes
    ):
        raise PeerError("too many notes, or of a jail that was not asked for")
    findings.hits += [
        Hit(
            jails[hit.jail],
            Subject(hit.subject),
            Instant(hit.at),
            hit.rule,
            hit.lines,
            hit.fields,
            hit.is_name,
            lines.start + hit.line,
        )
        for hit in part.hits
    ]
    findings.notes += [
        Note(Topic.TROUBLE, Instant(note.at), note.jail, text=note.text[:_CUT]) for note in part.notes
    ]
