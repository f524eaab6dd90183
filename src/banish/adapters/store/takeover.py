"""What fail2ban remembered becomes ours: bans in force, earlier bans for growing ban times, places in logs.

fail2ban's database is only read, so that whoever goes back to it finds it as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from banish.adapters.sources import foreign
from banish.adapters.sources.position import encode
from banish.adapters.store.legacy import Legacy, is_legacy, opened
from banish.adapters.store.sqlite import SqliteStore
from banish.core.config import ServerConfig
from banish.core.model import Ban, Cursor, Instant, Seconds

USUAL: Final = Path("/var/lib/fail2ban/fail2ban.sqlite3")
_NO_LENGTHS: Final[Mapping[str, Seconds]] = {}


@dataclass(frozen=True, slots=True)
class Taken:
    """What was in the database of fail2ban, and how much of it was new here."""

    schema: int
    bans: int  # in force
    earlier: int  # over; they make the next ones longer
    logs: int  # that are read on from where fail2ban stopped
    new: int  # bans of both kinds that were not known here
    left_out: int  # bans that make no sense


@dataclass(slots=True)
class _Tally:
    """Counts what passes."""

    now: Instant
    bans: int = 0
    earlier: int = 0
    left_out: int = 0
    logs: list[Cursor] = field(default_factory=list)

    def counted(self, bans: Iterator[Ban | None]) -> Iterator[Ban]:
        """Yield what makes sense."""
        for ban in bans:
            if ban is None:
                self.left_out += 1
                continue
            if ban.until > self.now:
                self.bans += 1
            else:
                self.earlier += 1
            yield ban


def take_over(
    path: Path, store: SqliteStore, now: Instant, lengths: Mapping[str, Seconds] = _NO_LENGTHS
) -> Taken:
    """Put into the store what fail2ban remembered in `path`; a second time changes nothing.

    `lengths` is how long each jail bans, for bans of fail2ban before 0.11 that do not tell. `StoreError` if
    either file cannot be used; nothing is taken then.
    """
    tally = _Tally(now)
    with opened(path) as legacy:
        tally.logs = list(_cursors(legacy))
        new = store.take(str(path), tally.counted(legacy.bans(lengths)), tally.logs, now)
        return Taken(legacy.version, tally.bans, tally.earlier, len(tally.logs), new, tally.left_out)


def places(dbfile: str) -> tuple[Path, Path]:
    """Return where our state belongs and where fail2ban's may lie, if the configuration says `dbfile`.

    Who gave fail2ban's database a place of its own has it named there: then ours goes to where it usually is.
    """
    configured = Path(dbfile)
    usual = Path(ServerConfig().dbfile or "")
    return (usual, configured) if is_legacy(configured) else (configured, USUAL)


def _cursors(legacy: Legacy) -> Iterator[Cursor]:
    """Yield one cursor for each log, of whatever file it was that fail2ban read."""
    known: set[str] = set()
    for reach in legacy.reaches():
        position = foreign.found(*reach)
        if position is not None and reach.path not in known:
            known.add(reach.path)
            yield Cursor(reach.path, encode([position]))
