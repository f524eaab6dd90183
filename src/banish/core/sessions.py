"""Join the lines of one connection into failures (`<F-MLFID>`), bounded in number and in time.

A connection tells its story in several lines: who connects, who fails, who gets in. Each line that a rule
matched is merged into what is known of its connection, and only then judged: is it a failure, does it wait
for an address that a later line may bring, or is it forgiven?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, TypeAlias

from banish.core.model import Field, Instant, Seconds
from banish.core.window import Line

LIFETIME: Final = Seconds(300)  # from the first line of a connection; later ones do not prolong it
CAP: Final = 100  # connections remembered per jail; beyond it the oldest is forgotten
LINES_CAP: Final = 50  # lines remembered per connection; beyond it the oldest are forgotten
LINE_CHARS: Final = 1000  # kept of each of them; attackers choose how long lines are
TOLD_CAP: Final = 50  # lines of which the groups are remembered apart; beyond it they are put together
USERS_CAP: Final = 50  # user names remembered per connection; two are enough for the verdict

CONTROLS: Final = ("nofail", "mlfgained", "mlfforget")
ID_FIELDS: Final = ("fid", "ip4", "ip6", "dns")

Source: TypeAlias = "tuple[Callable[[Any], Mapping[str, Field | None]], Any]"
"""The groups of a line, as a function and what it takes: most are never asked for."""

Evidence: TypeAlias = "Line | str"
"""A line; its text alone, where nobody is going to ask for the date in it."""


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


class Kind(NamedTuple):
    """What a line means for its connection: no failure by itself, the end of it, a login.

    `is_somebody` says whether it names the culprit; absent if only the groups can tell.
    """

    is_quiet: bool
    forgets: bool
    gained: bool
    is_somebody: bool | None


def kind_of(groups: Mapping[str, object]) -> Kind:
    """Return what a line with these groups means; of a group it only matters whether it is empty."""
    quiet = bool(groups.get("nofail") or groups.get("mlfgained"))
    empty = any(groups.get(name) is not None and not groups.get(name) for name in ID_FIELDS)
    somebody = any(groups.get(name) for name in ID_FIELDS)
    return Kind(
        quiet, bool(groups.get("mlfforget")), bool(groups.get("mlfgained")), None if empty else somebody
    )


class Session:
    """What is known of one connection: what its lines told, users seen, lines not yet part of a failure.

    `lines` belong to failures, `quiet` to lines that were none but will be evidence of the next one.
    `is_pending` says that a failure waits for somebody to blame.
    """

    __slots__ = (
        "born",
        "is_pending",
        "is_somebody",
        "lines",
        "quiet",
        "told",
        "users",
        "verdict",
        "was_quiet",
    )

    def __init__(self, born: Instant) -> None:
        self.born = born
        self.told: list[Source] = []
        self.users: tuple[str, ...] = ()
        self.lines: list[Evidence] = []
        self.quiet: list[Evidence] = []
        self.is_pending = self.was_quiet = self.is_somebody = False
        self.verdict = Verdict.FORGIVEN

    def fields(self) -> dict[str, Field | None]:
        """Return all that its lines told; a later one overrules, unless it says nothing."""
        fields: dict[str, Field | None] = {}
        for number, (groups_of, what) in enumerate(self.told):
            fields |= {
                name: value
                for name, value in groups_of(what).items()
                if name not in CONTROLS and (value is not None or not number)
            }
        if self.users:
            fields["users"] = tuple(sorted(self.users))
        return fields

    def go_on(self, kind: Kind) -> None:
        """Prepare for the next line: what was reported is not reported again."""
        if kind.gained:
            self.is_pending = False
        if not self.was_quiet and not self.is_pending:
            self.lines = []

    def hear(self, source: Source, user: str, kind: Kind) -> None:
        """Take in what a line tells."""
        if user and user not in self.users and len(self.users) < USERS_CAP:
            self.users = (*self.users, user)
        self.told.append(source)
        if len(self.told) > TOLD_CAP:
            self.told = [(same, self.fields())]
        if kind.is_somebody is None:
            fields = self.fields()
            self.is_somebody = any(fields.get(name) for name in ID_FIELDS)
        elif kind.is_somebody:
            self.is_somebody = True

    def judge(self, line: Evidence, kind: Kind) -> None:
        """Decide what the latest line makes of the connection."""
        quiet = kind.is_quiet
        if self.is_pending or len(self.users) > 1:  # a second user name makes everything suspicious
            self.is_pending = quiet = False
        self.was_quiet = quiet
        if quiet:
            if not kind.forgets:
                self.quiet.append(line)
                if len(self.quiet) > LINES_CAP:
                    del self.quiet[0]
            self.verdict = Verdict.FORGIVEN
            return
        if self.quiet or self.lines:
            self.lines = [*self.quiet, *self.lines, line]  # a new list: hits keep the old one
            if len(self.lines) > LINES_CAP:
                del self.lines[:-LINES_CAP]
            self.quiet = []
        else:
            self.lines = [line]
        self.is_pending = not self.is_somebody
        self.verdict = Verdict.FAILURE if self.is_somebody else Verdict.PENDING


def same(groups: Mapping[str, Field | None]) -> Mapping[str, Field | None]:
    """Return groups that are known already: the function of a `Source` that is no work."""
    return groups


def texts_of(lines: list[Evidence]) -> tuple[str, ...]:
    """Return lines as they were written."""
    return tuple([line if isinstance(line, str) else line.whole for line in lines])


class Sessions:
    """The connections of one jail."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def __contains__(self, key: str) -> bool:
        return key in self._sessions

    def merge(
        self, key: str, found: Mapping[str, Field | None], lines: tuple[Line, ...], now: Instant
    ) -> Told:
        """Add what a line, or several that one match covers, says to connection `key`, and judge it.

        `found` holds the groups of the line, controls included; those that took no part are known as `None`
        only of the first line.
        """
        user = found.get("user")  # several groups may make up a name
        *earlier, line = (each.cut(LINE_CHARS) for each in lines)
        session = self.tell(key, (same, found), line, now, user=str(user or ""), kind=kind_of(found))
        evidence = session.quiet if session.verdict is Verdict.FORGIVEN else session.lines
        evidence[-1:-1] = earlier
        del evidence[:-LINES_CAP]
        told = session.lines if session.verdict is Verdict.FAILURE else ()
        whole = tuple(each if isinstance(each, Line) else Line("", "", each) for each in told)
        return Told(session.verdict, session.fields(), whole)

    def tell(
        self, key: str, source: Source, line: Evidence, now: Instant, *, user: str, kind: Kind
    ) -> Session:
        """Add what a line says to connection `key`, and judge it; the connection then has the verdict."""
        session = self._sessions.get(key)
        if session is not None and now - session.born > LIFETIME:
            del self._sessions[key]
            session = None
        if session is None:
            session = Session(now)
            if kind.forgets:
                user = ""  # who is mentioned at the end of a connection of which nothing is known, no more
            else:
                self._remember(key, session)
        else:
            session.go_on(kind)
            if kind.forgets:
                del self._sessions[key]
        session.hear(source, user, kind)
        session.judge(line, kind)
        return session

    def _remember(self, key: str, session: Session) -> None:
        if len(self._sessions) >= CAP:
            del self._sessions[next(iter(self._sessions))]
        self._sessions[key] = session
