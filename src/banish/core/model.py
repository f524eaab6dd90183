"""The nouns: who did what, when, and what is to be done about it.

Values only. `Event` is all that can happen to the engine, `Effect` all it can ask for; both unions are
closed, so a new case shows in every `match` that must know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, NewType, TypeAlias

Instant = NewType("Instant", float)
"""Seconds since 1970-01-01 UTC; `NEVER` lies behind all others."""

Seconds = NewType("Seconds", float)
"""A span of time."""

Subject = NewType("Subject", str)
"""Who is counted and banned, in canonical text: an address, a network, or any other identifier."""

NEVER = Instant(float("inf"))
FOREVER = Seconds(float("inf"))

Field: TypeAlias = "str | tuple[str | None, ...]"
"""What one named group captured; a tuple where the pattern joins several groups into one."""

NO_FIELDS: Final[Mapping[str, Field]] = {}
"""Of a line that said nothing else. A dict, so that whatever encodes it knows it; nobody writes into it."""


class Place(NamedTuple):
    """A subject in a jail: the key of every count and every ban."""

    jail: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a source has been read; `position` is the source's own notation and opaque to all others."""

    source: str
    position: str


@dataclass(frozen=True, slots=True)
class Lines:
    r"""A block of complete lines as the source holds them: bytes, each line ended by `\n`.

    `live` is false while a source reads what was written before it was first at its end; dates are then
    taken from the lines, and lines older than a jail's findtime do not count.
    """

    source: str
    block: bytes
    cursor: Cursor
    live: bool


class Hit(NamedTuple):
    """One failure that a jail's rules found.

    `rule` counts the jail's failure expressions from 0. `lines` is the evidence, oldest first.
    `is_name` says that `subject` is a host name that has yet to be resolved. `line` is the number of the line
    in its block, from 0.
    """

    jail: str
    subject: Subject
    at: Instant
    rule: int
    lines: tuple[str, ...] = ()
    fields: Mapping[str, Field] = NO_FIELDS
    is_name: bool = False
    line: int = 0

    @property
    def place(self) -> Place:
        """The key under which this failure counts."""
        return Place(self.jail, self.subject)


class Origin(Enum):
    """Who decided a ban."""

    LOG = "log"
    PERSON = "person"
    KERNEL = "kernel"  # found in the kernel's set at start, with no record of it left


class Evidence(NamedTuple):
    """One failure as it is kept for `why`: when, by which expression (from 0), and the lines."""

    at: Instant
    rule: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ban:
    """A subject is kept out of what a jail protects, from `at` until `until` (`NEVER`: for good).

    `count` is the number of this ban in the subject's history (1 for the first). `reason` is a person's
    word for a ban that no log line caused. `fields` are what the lines of the first failure told besides, in
    jails whose actions want to know.
    """

    jail: str
    subject: Subject
    at: Instant
    until: Instant
    failures: int = 0
    count: int = 1
    origin: Origin = Origin.LOG
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    fields: Mapping[str, Field] = field(default_factory=lambda: NO_FIELDS, hash=False)

    @property
    def place(self) -> Place:
        """The key of this ban."""
        return Place(self.jail, self.subject)


@dataclass(frozen=True, slots=True)
class Offender:
    """A subject that was banned before: how often in this jail, and when last."""

    jail: str
    subject: Subject
    count: int
    last: Instant


@dataclass(frozen=True, slots=True)
class Exemption:
    """A subject, or a network of them, that is never banned, until `until`."""

    subject: Subject
    until: Instant = NEVER
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is left of an earlier life; streams, read once.

    `strays` are bans that are enforced already, remembered or not; those that are not will be.
    """

    bans: Iterable[tuple[Place, Instant]] = ()
    strays: Iterable[tuple[Place, Instant]] = ()
    offenders: Iterable[Offender] = ()  # the latest first
    exemptions: Iterable[Exemption] = ()


# ---------------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class Found:
    """A source was read up to `cursor`, and these failures were in it, in the order of the lines."""

    hits: tuple[Hit, ...]
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class BanAsked:
    """A person wants `subjects` banned in `jail`; `seconds` absent means as long as the jail bans now.

    Neither the guard nor exemptions are asked again: `Engine.objection` is there to warn the person before.
    """

    jail: str
    subjects: tuple[Subject, ...]
    seconds: Seconds | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseAsked:
    """A person wants `subjects` free again, in `jail` or, if absent, in all jails."""

    subjects: tuple[Subject, ...]
    jail: str | None = None


@dataclass(frozen=True, slots=True)
class ExemptAsked:
    """A person wants a subject never banned (`wanted`), or to be banned again like all others."""

    exemption: Exemption
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class OperatorSeen:
    """Somebody with the right to command us does so from this address; it is not banned for a day."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Answered:
    """The world answers an `Ask`."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """What is enforced is not what was wished, for this reason, until a `Replace` succeeds."""

    error: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Event: TypeAlias = "Found | BanAsked | ReleaseAsked | ExemptAsked | OperatorSeen | Answered | Failed | Tick"

# ------------------------------------------------------------------------------- questions and answers


@dataclass(frozen=True, slots=True)
class Resolve:
    """Which addresses does this host name have?"""

    name: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """Which addresses stand in this file of exempt ones?"""

    path: str


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Which addresses does this machine have?"""


@dataclass(frozen=True, slots=True)
class LookAround:
    """Which addresses must not be banned at this moment, and why?"""


@dataclass(frozen=True, slots=True)
class RunCheck:
    """Does the jail's ignore command know this failure? `number` tells equal failures apart."""

    number: int
    command: str
    hit: Hit = field(compare=False)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The addresses of a name, of a list or of this machine; empty if there are none."""

    addresses: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who must not be banned now: address or network → reason, for instance "logged in over ssh as anna"."""

    reasons: Mapping[Subject, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """The ignore command's verdict."""

    is_known: bool


Question: TypeAlias = "Resolve | ReadList | OwnAddresses | LookAround | RunCheck"
Answer: TypeAlias = "Resolved | Surroundings | Checked"

# --------------------------------------------------------------------------------------------- effects


@dataclass(frozen=True, slots=True)
class Block:
    """Keep these out until then, from now on. A ban that is there already gets the new end."""

    bans: tuple[tuple[Place, Instant], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Let these in again, now. What is not there needs no release."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Replace:
    """The whole wish: these bans and no others."""

    bans: Iterable[tuple[Place, Instant]]


@dataclass(frozen=True, slots=True)
class Save:
    """Remember, in one transaction: new bans, bans with a new end, bans that a person ended, and the rest."""

    bans: tuple[Ban, ...] = ()
    extended: tuple[tuple[Place, Instant], ...] = ()
    released: tuple[Place, ...] = ()
    cursors: tuple[Cursor, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    unexempted: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Find out, without holding up anything else, and come back with `Answered`."""

    question: Question


class Topic(StrEnum):
    """What a note is about."""

    FOUND = "found"
    IGNORED = "ignored"
    BANNED = "banned"
    RESTORED = "restored"
    ALREADY = "already-banned"
    INCREASED = "increased"
    EXPIRED = "expired"  # the ban of an old line would be over already
    UNBANNED = "unbanned"
    SPARED = "spared"  # the guard, or an exemption, kept somebody from being banned
    FULL = "full"  # a table reached its cap; the text says what was given up
    TROUBLE = "trouble"


class Note(NamedTuple):
    """One event for the operator's log; `values` in the order they are to be read."""

    topic: Topic
    at: Instant
    jail: str = ""
    subject: Subject | None = None
    text: str = ""
    values: Mapping[str, str | int | float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Send a `Tick` at this time; replaces the wish before."""

    at: Instant


Effect: TypeAlias = "Block | Release | Replace | Save | Ask | Note | WakeAt"
