"""What a failure leads to: nothing, a count, a question, or a ban."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from banish.core.config import Draw, UseDns
from banish.core.count import Count
from banish.core.exempt import Exemptions
from banish.core.guard import Candidate, Guard
from banish.core.jail import Jail
from banish.core.ladder import Offenders, lengthen, weight
from banish.core.model import (
    FOREVER,
    NEVER,
    NO_FIELDS,
    Ban,
    Cursor,
    Evidence,
    Hit,
    Instant,
    LookAround,
    Note,
    Offender,
    Place,
    Question,
    Resolve,
    RunCheck,
    Seconds,
    Subject,
    Surroundings,
    Topic,
)
from banish.core.outcome import Outcome
from banish.core.parking import Parking
from banish.core.subject import AddressSet

EVIDENCE_LINES: Final = 10  # kept of each failure, the last ones
EVIDENCE_CHARS: Final = 1000  # kept of each of them; attackers choose how long lines are
SUBJECT_CHARS: Final = 1000  # of an identifier; a longer one is known by its beginning
FULL_PAUSE: Final = Seconds(60)  # between two notes that a table is full; there is a reason for each failure


class Judge:
    """The way from a failure to a ban, and all that is looked at on this way."""

    def __init__(self, draw: Draw) -> None:
        self.jails: dict[str, Jail] = {}
        self.exemptions = Exemptions()
        self.offenders = Offenders()
        self.own = AddressSet()
        self.guard = Guard()
        self.parking = Parking()
        self._draw = draw
        self._checks = 0
        self._full_told = Instant(-FULL_PAUSE)

    def hit(self, hit: Hit, outcome: Outcome, now: Instant) -> None:
        """Judge a failure, or let it wait until its name is resolved."""
        jail = self.jails.get(hit.jail)
        if jail is None:
            return  # the jail went away while its lines were on the way
        if len(hit.subject) > SUBJECT_CHARS:
            hit = hit._replace(subject=Subject(hit.subject[:SUBJECT_CHARS]))
        if hit.is_name:
            self._park(Resolve(hit.subject), hit, outcome, now)
            return
        if reason := self.exempt_reason(jail, hit.subject, now):
            outcome.note(Note(Topic.IGNORED, hit.at, hit.jail, hit.subject, reason))
            return
        if not jail.config.ignorecommand:
            self.count(jail, hit, outcome, now)
        elif (is_known := jail.verdict(hit, now)) is not None:
            self.checked(jail, hit, outcome, now, is_known=is_known)
        else:
            self._checks += 1
            self._park(RunCheck(self._checks, jail.config.ignorecommand, hit), hit, outcome, now)

    def checked(self, jail: Jail, hit: Hit, outcome: Outcome, now: Instant, *, is_known: bool) -> None:
        """Go on with a failure that the jail's ignore command knows, or does not know."""
        if is_known:
            outcome.note(Note(Topic.IGNORED, hit.at, hit.jail, hit.subject, "command"))
        else:
            self.count(jail, hit, outcome, now)

    def warn_of_name(self, hit: Hit, addresses: Sequence[Subject], outcome: Outcome, now: Instant) -> None:
        """Tell that a log named a host, if the jail wants to know (`usedns = warn`)."""
        jail = self.jails.get(hit.jail)
        if jail is not None and jail.config.usedns is UseDns.WARN:
            found = ", ".join(addresses) or "nobody"
            text = f"the log names a host, which stands for {found} now; whoever owns the name decides that"
            outcome.note(Note(Topic.TROUBLE, now, hit.jail, hit.subject, text))

    def _park(self, question: Question, hit: Hit, outcome: Outcome, now: Instant) -> None:
        if self.parking.is_full:
            text = "too many failures wait for an answer; this one is not counted"
            self._full(Note(Topic.FULL, now, hit.jail, hit.subject, text), outcome)
        elif self.parking.park(question, hit):
            outcome.ask(question)

    def count(self, jail: Jail, hit: Hit, outcome: Outcome, now: Instant) -> None:
        """Count a failure that nothing speaks against."""
        at = min(hit.at, now)
        jail.failures += 1
        outcome.found(at, hit.jail, hit.subject)
        heavy = 1 if jail.config.growth is None else self._weight(jail, hit.subject, at)
        # fast path: a third of a microsecond of a failure; clean twin: `Evidence(...)`
        evidence = tuple.__new__(Evidence, (at, hit.rule, _kept(hit.lines)))
        count = jail.windows.add(hit.subject, evidence, heavy, hit.fields or NO_FIELDS)
        if count is not None:
            self._too_many(jail, hit.subject, count, outcome, now)
        elif (forgotten := jail.windows.overflow()) is not None:
            text = "too many addresses with failures; the one that was quiet for longest is forgotten"
            self._full(Note(Topic.FULL, now, hit.jail, forgotten, text), outcome)

    def _full(self, note: Note, outcome: Outcome) -> None:
        """Tell that a table is full, but not over and over again."""
        if note.at - self._full_told >= FULL_PAUSE:
            self._full_told = note.at
            outcome.note(note)

    def _weight(self, jail: Jail, subject: Subject, at: Instant) -> int:
        """Return as how many a failure counts: more than one for those banned in this jail before it."""
        past = self.offenders.past(subject, jail.config.name)
        return weight(past.count, jail.config.maxretry) if at > past.last else 1

    def _too_many(self, jail: Jail, subject: Subject, count: Count, outcome: Outcome, now: Instant) -> None:
        if not jail.config.guard or outcome.is_rehearsal:
            self._decide(jail, subject, count, outcome, now)
        elif self.guard.wait(Candidate(jail.config.name, subject, count)):
            outcome.ask(LookAround())

    def look(self, surroundings: Surroundings, outcome: Outcome, now: Instant) -> list[Cursor]:
        """Ban everybody who waited for this and was not seen; return the cursors that were held back."""
        candidates, cursors = self.guard.release()
        reasons = self.guard.reasons(surroundings.reasons, now)
        for candidate in candidates:
            jail = self.jails.get(candidate.jail)
            if jail is None:
                continue
            if reason := reasons.against(candidate.subject):
                values = {"failures": candidate.count.failures}
                outcome.note(Note(Topic.SPARED, now, candidate.jail, candidate.subject, reason, values))
            else:
                self._decide(jail, candidate.subject, candidate.count, outcome, now)
        return cursors

    def _decide(self, jail: Jail, subject: Subject, count: Count, outcome: Outcome, now: Instant) -> None:
        """Ban for as long as the jail bans; the time runs from the last failure."""
        if reason := self.exempt_reason(jail, subject, now):  # since it was counted
            outcome.note(Note(Topic.SPARED, now, jail.config.name, subject, reason))
            return
        config, past = jail.config, self.past(jail, subject)
        length = config.bantime
        if config.growth is not None:
            length = lengthen(config.bantime, past, config.growth, self._draw)
        until = NEVER if length == FOREVER else Instant(count.last + length)
        if until <= now:
            outcome.note(Note(Topic.EXPIRED, now, config.name, subject, "the ban would be over by now"))
            return
        if self.extend(jail, subject, until, outcome, now):
            return
        if length != config.bantime:
            values = {"count": past + 1, "seconds": length, **until_values(until)}
            outcome.note(Note(Topic.INCREASED, now, config.name, subject, values=values))
        ban = Ban(
            config.name,
            subject,
            count.last,
            until,
            count.failures,
            past + 1,
            evidence=count.evidence,
            fields=count.fields,
        )
        self.ban(jail, ban, outcome, now)

    def extend(self, jail: Jail, subject: Subject, until: Instant, outcome: Outcome, now: Instant) -> bool:
        """Move the end of a ban that is in force already; say whether there is one."""
        old = jail.bans.until(subject)
        if old is None:
            return False
        if until > old:
            jail.bans.put(subject, until)
            outcome.extend(Place(jail.config.name, subject), until)
        outcome.note(Note(Topic.ALREADY, now, jail.config.name, subject))
        return True

    def ban(self, jail: Jail, ban: Ban, outcome: Outcome, now: Instant) -> None:
        """Ban a subject that is not banned yet."""
        jail.bans.put(ban.subject, ban.until)
        jail.banned += 1
        if jail.config.growth is not None:
            self.offenders.put(Offender(ban.jail, ban.subject, ban.count, ban.at))
        outcome.ban(ban)
        values = {"failures": ban.failures, **until_values(ban.until)}
        outcome.note(Note(Topic.BANNED, now, ban.jail, ban.subject, ban.reason, values))

    def past(self, jail: Jail, subject: Subject) -> int:
        """Return how often a subject was banned before, as far as this jail wants to know."""
        growth = jail.config.growth
        if growth is None:
            return 0
        return self.offenders.past(subject, None if growth.over_all_jails else jail.config.name).count

    def exempt_reason(self, jail: Jail, subject: Subject, now: Instant) -> str | None:
        """Say why failures of a subject do not count in a jail, or nothing if they do."""
        if len(self.exemptions) and self.exemptions.covers(subject, now) is not None:
            return "exemption"
        return jail.exempt.reason(subject, self.own)


def _kept(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is kept of the lines of a failure."""
    if len(lines) <= EVIDENCE_LINES and all(len(line) <= EVIDENCE_CHARS for line in lines):
        return lines
    return tuple(line[:EVIDENCE_CHARS] for line in lines[-EVIDENCE_LINES:])


def until_values(until: Instant) -> dict[str, str | int | float]:
    """Return the end of a ban as a note tells it."""
    return {"until": "never" if until == NEVER else until}
