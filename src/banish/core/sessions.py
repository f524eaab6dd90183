"""Join the lines of one connection into failures (`<F-MLFID>`), bounded in number and in time.

A connection tells its story in several lines: who connects, who fails, who gets in. Each line that a rule
matched is merged into what is known of its connection, and only then judged: is it a failure, does it wait
for an address that a later line may bring, or is it forgiven?
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from banish.core.model import Field, Instant, Seconds

LIFETIME: Final = Seconds(300)  # from the first line of a connection; later ones do not prolong it
CAP: Final = 100  # connections remembered per jail; beyond it the oldest is forgotten
LINES_CAP: Final = 50  # lines remembered per connection; beyond it the oldest are forgotten
LINE_CHARS: Final = 1000  # kept of each of them; attackers choose how long lines are
USERS_CAP: Final = 50  # user names remembered per connection; two are enough for the verdict

_CONTROLS: Final = ("nofail", "mlfgained", "mlfforget")
ID_FIELDS: Final = ("fid", "ip4", "ip6", "dns")


@dataclass(slots=True)
class Session:
    """What is known of one connection: merged fields, users seen, lines not yet part of a failure.

    `lines` belong to failures, `quiet` to lines that were none but will be evidence of the next one.
    `pending` says that a failure waits for somebody to blame.
    """

    born: Instant
    fields: dict[str, Field] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    pending: bool = False
    was_quiet: bool = False
    is_new: bool = True


class Sessions:
    """The connections of one jail."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def merge(
        self, key: str, found: Mapping[str, Field | None], line: str, now: Instant
    ) -> tuple[dict[str, Field], tuple[str, ...]] | None:
        """Add what a line says to connection `key`; return the failure's fields and lines, if it is one.

        `found` holds the groups of the line, controls included. Nothing is returned for a line that is no
        failure, or a failure whose culprit is not known yet.
        """
        controls = {name for name in _CONTROLS if found.get(name)}
        news = {name: value for name, value in found.items() if value is not None and name not in _CONTROLS}
        forgets = "mlfforget" in controls
        session = self._open(key, now, forgets=forgets, gained="mlfgained" in controls)
        session.fields.update(news)
        user = news.get("user")
        if isinstance(user, str) and len(session.users) < USERS_CAP and not (forgets and session.is_new):
            session.users.add(user)
        return _judge(session, line[:LINE_CHARS], quiet=bool(controls - {"mlfforget"}), forgets=forgets)

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


def _judge(
    session: Session, line: str, *, quiet: bool, forgets: bool
) -> tuple[dict[str, Field], tuple[str, ...]] | None:
    """Decide what the latest line of a connection makes of it."""
    if session.pending or len(session.users) > 1:  # a second user name makes everything suspicious
        session.pending = quiet = False
    session.was_quiet = quiet
    if quiet:
        if not forgets:
            session.quiet.append(line)
            del session.quiet[:-LINES_CAP]
        return None
    session.lines = [*session.quiet, *session.lines, line][-LINES_CAP:]
    session.quiet.clear()
    if not any(session.fields.get(name) for name in ID_FIELDS):
        session.pending = True
        return None
    fields = dict(session.fields)
    if session.users:
        fields["users"] = tuple(sorted(session.users))
    return fields, tuple(session.lines)
