"""Join the lines of one connection into failures (`<F-MLFID>`), bounded in number and in time.

A connection tells its story in several lines: who connects, who fails, who gets in. Each line that a rule
matched is merged into what is known of its connection, and only then judged: is it a failure, does it wait
for an address that a later line may bring, or is it forgiven?
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from banish.core.model import Field, Instant, Seconds
from banish.core.window import Line

LIFETIME: Final = Seconds(300)  # from the first line of a connection; later ones do not prolong it
CAP: Final = 100  # connections remembered per jail; beyond it the oldest is forgotten
LINES_CAP: Final = 50  # lines remembered per connection; beyond it the oldest are forgotten
LINE_CHARS: Final = 1000  # kept of each of them; attackers choose how long lines are
USERS_CAP: Final = 50  # user names remembered per connection; two are enough for the verdict

_CONTROLS: Final = ("nofail", "mlfgained", "mlfforget")
ID_FIELDS: Final = ("fid", "ip4", "ip6", "dns")


class Verdict(Enum):
    """What a line that a rule matched makes of its connection."""

    FAILURE = "failure"
    PENDING = "nobody to blame yet"
    FORGIVEN = "no failure"


class Told(NamedTuple):
    """The verdict on a line, with all that is known: fields and, of a failure, the lines it consists of."""

    verdict: Verdict
    fields: dict[str, Field | None]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Session:
    """What is known of one connection: merged fields, users seen, lines not yet part of a failure.

    `lines` belong to failures, `quiet` to lines that were none but will be evidence of the next one.
    `pending` says that a failure waits for somebody to blame.
    """

    born: Instant
    fields: dict[str, Field | None] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)
    quiet: list[Line] = field(default_factory=list)
    pending: bool = False
    was_quiet: bool = False
    is_new: bool = True


class Sessions:
    """The connections of one jail."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def merge(self, key: str, found: Mapping[str, Field | None], line: Line, now: Instant) -> Told:
        """Add what a line says to connection `key`, and judge it.

        `found` holds the groups of the line, controls included; those that took no part are known as `None`
        only of the first line.
        """
        controls = {name for name in _CONTROLS if found.get(name)}
        forgets = "mlfforget" in controls
        session = self._open(key, now, forgets=forgets, gained="mlfgained" in controls)
        session.fields.update(
            (name, value)
            for name, value in found.items()
            if name not in _CONTROLS and (value is not None or session.is_new)
        )
        user, is_over = found.get("user"), forgets and session.is_new
        if user and len(session.users) < USERS_CAP and not is_over:
            session.users.add(str(user))  # several groups may make up a name
        return _judge(session, line.cut(LINE_CHARS), quiet=bool(controls - {"mlfforget"}), forgets=forgets)

    def _open(self, key: str, now: Instant, *, forgets: bool, gained: bool) -> Session:
        """Return the connection, prepared for its next line: what was reported is not reported again."""
        session = self._recall(key, now)
        if session is None:
            session = Session(now)
            if not forgets:
                self._remember(key, session)
            return session
        session.is_new = False
        if gained:
            session.pending = False
        if not session.was_quiet and not session.pending:
            session.lines.clear()
        if forgets:
            del self._sessions[key]
        return session

    def _recall(self, key: str, now: Instant) -> Session | None:
        session = self._sessions.get(key)
        if session is not None and now - session.born > LIFETIME:
            del self._sessions[key]
            return None
        return session

    def _remember(self, key: str, session: Session) -> None:
        if len(self._sessions) >= CAP:
            self._sessions.popitem(last=False)
        self._sessions[key] = session


def _judge(session: Session, line: Line, *, quiet: bool, forgets: bool) -> Told:
    """Decide what the latest line of a connection makes of it."""
    if session.pending or len(session.users) > 1:  # a second user name makes everything suspicious
        session.pending = quiet = False
    session.was_quiet = quiet
    fields = dict(session.fields)
    if session.users:
        fields["users"] = tuple(sorted(session.users))
    if quiet:
        if not forgets:
            session.quiet.append(line)
            del session.quiet[:-LINES_CAP]
        return Told(Verdict.FORGIVEN, fields, ())
    session.lines = [*session.quiet, *session.lines, line][-LINES_CAP:]
    session.quiet.clear()
    session.pending = not any(fields.get(name) for name in ID_FIELDS)
    if session.pending:
        return Told(Verdict.PENDING, fields, ())
    return Told(Verdict.FAILURE, fields, tuple(session.lines))
