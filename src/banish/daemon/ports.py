"""What the daemon asks of the world, in its own words.

Each port has one conformance suite in the tests, run on the memory adapter and on the real one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from banish.core.config import JailConfig, Scope
from banish.core.match import Findings
from banish.core.model import (
    Answer,
    Ban,
    Cursor,
    Instant,
    Lines,
    Memory,
    Note,
    Place,
    Question,
    Save,
    Subject,
)
from banish.core.plain import Json, Returned


class Source(Protocol):
    """Log lines, in order, with nothing lost between two blocks."""

    def blocks(self) -> AsyncIterator[Lines]:
        """Yield blocks as they come, for ever; asking for the next is what lets the source read on."""
        ...

    def pause(self, name: str) -> None:
        """Yield no more blocks of this name (`Lines.source`); those of others go on."""
        ...

    def resume(self, name: str) -> None:
        """Go on with what was paused."""
        ...

    def close(self) -> None:
        """Let go of every file."""
        ...


class Matcher(Protocol):
    """Finds the failures in log lines, here or in other processes."""

    async def open(self) -> None:
        """Be ready; `RefusedError` if that is not possible."""
        ...

    async def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        """Hold a block against the rules of `jails`; never raises because of what is in it.

        Several blocks may be asked for at once; those of one source are answered in the order of asking.
        """
        ...

    def processes(self) -> Sequence[int]:
        """Return the ids of the processes that do this; none if it is done here."""
        ...

    def left_out(self) -> Sequence[str]:
        """Return in words which expressions are not used any more, and why."""
        ...

    def close(self) -> None:
        """Stop; what was not answered never will be."""
        ...


class Firewall(Protocol):
    """A place where packets of banned subjects are dropped until their time is over.

    `now` is the clock by which the rest of a ban's time is computed. All errors are `EnforceError`.
    """

    def replace(
        self, fences: Mapping[str, Sequence[Scope]], bans: Iterable[tuple[Place, Instant]], now: Instant
    ) -> None:
        """Make the whole wish true at once: what each jail cuts, and who is banned in it until when."""
        ...

    def apply(self, blocks: Iterable[tuple[Place, Instant]], releases: Iterable[Place], now: Instant) -> None:
        """Add bans (an old one gets the new end) and take others away, all or nothing."""
        ...

    def bans(self, now: Instant) -> Iterator[tuple[Place, Instant]]:
        """Read back what is enforced; costs time with the number of bans."""
        ...

    def drops(self) -> Mapping[str, int]:
        """Packets dropped so far, by jail."""
        ...

    async def lost(self) -> None:
        """Return when somebody else changed what we enforce."""
        ...

    def close(self, *, keep: bool) -> None:
        """Stop; bans stay in force until their time is over (`keep`) or end now."""
        ...


class Scripts(Protocol):
    """Actions that are run as written, beside the loop; nothing here is waited for, and nothing raises."""

    def adopt(
        self,
        jails: Iterable[JailConfig],
        bans: Callable[[str], Iterable[Ban]],
        *,
        is_reload: bool = False,
        restarts: Collection[str] = (),
    ) -> None:
        """Run the actions of these jails and no others; `bans` are those in force in a jail.

        With `is_reload` actions that go on hear that the configuration was read again; those of jails in
        `restarts` are stopped and started.
        """
        ...

    def ban(self, bans: Iterable[Ban]) -> None:
        """Have these kept out."""
        ...

    def unban(self, places: Iterable[Place]) -> None:
        """Have these let in."""
        ...

    def prolong(self, places: Iterable[tuple[Place, Instant]]) -> None:
        """Have these kept out for longer."""
        ...

    async def call(
        self, place: tuple[str, str], method: str, arguments: Mapping[str, Json]
    ) -> Returned | None:
        """Call a method of an action (`place`: the jail, its name) by hand; nothing if there is none.

        `RefusedError` says why it went wrong.
        """
        ...

    async def close(self) -> None:
        """Undo everything that was done."""
        ...


class Store(Protocol):
    """What survives a restart. All errors are `StoreError`."""

    def bans(self, now: Instant) -> Iterator[Ban]:
        """Bans in force, without evidence, oldest first."""
        ...

    def load(self, now: Instant) -> Memory:
        """Return what a start takes up again; to be read before anything is saved."""
        ...

    def cursors(self) -> Mapping[str, Cursor]:
        """How far each source was read."""
        ...

    def save(self, wish: Save, now: Instant) -> Callable[[], None] | None:
        """Keep all of it or, on an error, nothing of it; it survives the end of this process.

        What is returned is to be called by a thread, as it waits for the disk: then all of it survives a loss
        of power as well. Whoever asks for something meanwhile waits too.
        """
        ...

    def history(self, subject: Subject, limit: int) -> Sequence[Ban]:
        """All bans of a subject that are still known, with evidence, the latest first."""
        ...

    def close(self) -> None:
        """Close; everything saved stays."""
        ...


class Log(Protocol):
    """Where the operator reads what happened."""

    def note(self, *notes: Note) -> None:
        """Write events down; never raises."""
        ...


class Oracle(Protocol):
    """Answers questions about the world: names, who is logged in, what a command says."""

    async def answer(self, question: Question) -> Answer:
        """Answer; never raises, never takes longer than its own time limit."""
        ...
