"""The one mutable object of the core: what happened → what to do.

The engine opens nothing and asks no clock. `handle` takes an event and the time, and returns effects for the
daemon to carry out in the order given: protect, remember, ask, tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from banish.core.config import Draw
from banish.core.count import Count
from banish.core.jail import Jail, JailStatus
from banish.core.judge import Judge, until_values
from banish.core.model import (
    FOREVER,
    NEVER,
    Answered,
    Ban,
    BanAsked,
    Checked,
    Cursor,
    Effect,
    Event,
    ExemptAsked,
    Exemption,
    Failed,
    Found,
    Hit,
    Instant,
    Memory,
    Note,
    OperatorSeen,
    Origin,
    OwnAddresses,
    Place,
    Question,
    ReleaseAsked,
    Replace,
    Resolved,
    Seconds,
    Subject,
    Surroundings,
    Tick,
    Topic,
    WakeAt,
)
from banish.core.outcome import Outcome
from banish.core.rules import Program
from banish.core.schedule import Schedule
from banish.core.subject import AddressSet

CURSOR_DELAY: Final = Seconds(1)  # cursors alone are saved this late; lines are read again after a crash
HOUSEKEEPING: Final = Seconds(5)
REFRESH: Final = Seconds(60)  # how old the addresses of names, lists and of this machine may become
RETRIES: Final = tuple(Seconds(each) for each in (0, 1, 2, 5, 10, 30, 60))  # pauses before a new `Replace`
CALM: Final = Seconds(120)  # without trouble for this long, the pauses begin anew
NOTHING: Final = Memory()
NOTED_RESTORES: Final = 1000  # more restored bans than this are told in one line


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the engine knows of a subject: bans in force, failures on the way to one, why it is exempt."""

    bans: tuple[tuple[Place, Instant], ...]
    counts: tuple[tuple[str, Count], ...]
    exempt: str


class Engine:
    """All jails and all they have in common. Every method returns at once; none calls out."""

    def __init__(self, draw: Draw) -> None:
        """`draw` gives the random part of ban times."""
        self._judge = Judge(draw)
        self._due = Schedule()
        self._cursors: dict[str, Cursor] = {}
        self._refusals = 0

    def adopt(self, program: Program, now: Instant, memory: Memory = NOTHING) -> list[Effect]:
        """Run this program from now on, with what is remembered; a start is a reload from nothing.

        Jails that were there before keep their bans, and their counts if they still count the same way.
        Remembered bans of jails that do not run are left where they are; all others end when they were said
        to end, however long the jail bans by now.
        """
        outcome = Outcome()
        old, self._judge.jails = self._judge.jails, {}
        for rules in program:
            jail = old.pop(rules.jail.name, None) or Jail(rules.jail)
            jail.reconfigure(rules.jail)
            self._judge.jails[rules.jail.name] = jail
        self._remember(memory, outcome, now)
        self._refresh(outcome, now)
        self._due.housekeeping = Instant(now + HOUSEKEEPING)
        outcome.replace = Replace(self.wish())
        return self._finish(outcome)

    def _remember(self, memory: Memory, outcome: Outcome, now: Instant) -> None:
        for exemption in memory.exemptions:
            self._judge.exemptions.put(exemption)
        if any(jail.config.growth is not None for jail in self._judge.jails.values()):
            for offender in reversed(tuple(memory.offenders)):  # who comes first is the first to be forgotten
                self._judge.offenders.put(offender)
        restored = 0
        for place, until in memory.bans:
            if not self._restore(place, until, now):
                continue
            restored += 1
            if restored <= NOTED_RESTORES:
                outcome.note(Note(Topic.RESTORED, now, *place, values=until_values(until)))
        for place, until in memory.strays:
            jail = self._judge.jails.get(place.jail)
            if jail is not None and place.subject not in jail.bans and self._restore(place, until, now):
                outcome.ban(Ban(*place, now, until, origin=Origin.KERNEL))
                outcome.note(
                    Note(Topic.RESTORED, now, *place, "known to the kernel only", until_values(until))
                )
        if restored > NOTED_RESTORES:
            outcome.note(
                Note(Topic.RESTORED, now, text=f"{restored} bans; the first {NOTED_RESTORES} are named")
            )

    def _restore(self, place: Place, until: Instant, now: Instant) -> bool:
        """Take up a ban again; say whether it still makes sense."""
        jail = self._judge.jails.get(place.jail)
        if jail is None or until <= now or self._judge.exempt_reason(jail, place.subject, now):
            return False
        jail.bans.put(place.subject, until)
        return True

    def stop(self) -> list[Effect]:
        """Say what has to be remembered before the end."""
        self._due.flush = bool(self._cursors)
        return self._finish(Outcome())

    # ----------------------------------------------------------------------------------------- events

    def handle(self, event: Event, now: Instant) -> list[Effect]:
        """Say what to do about an event."""
        outcome = Outcome()
        match event:
            case Found():
                self._found(event, outcome, now)
            case BanAsked():
                self._ban_asked(event, outcome, now)
            case ReleaseAsked():
                self._release_asked(event, outcome, now)
            case ExemptAsked():
                self._exempt_asked(event, outcome, now)
            case OperatorSeen():
                self._judge.guard.operator(event.subject, now)
            case Answered():
                self._answered(event, outcome, now)
            case Failed():
                self._failed(event, outcome, now)
            case Tick():
                self._tick(outcome, now)
            case _:
                assert_never(event)
        return self._finish(outcome)

    def rehearse(self, hits: Iterable[Hit], now: Instant) -> Iterator[tuple[Instant, list[Effect]]]:
        """Judge failures each at its own time; yield what bans and questions come of it, and when.

        It is as if each came with an event of its own, and every `Tick` in between came in time. `now` is the
        latest time so far. Nobody is seen on this machine.
        """
        outcome = Outcome(is_rehearsal=True)
        judge = self._judge.hit
        for hit in hits:
            if hit.at > now:
                now = hit.at
                if self._due.wake <= now:
                    yield now, self.handle(Tick(), now)
            judge(hit, outcome, now)
            if outcome.is_urgent:
                yield now, self._finish(outcome)
                outcome = Outcome(is_rehearsal=True)

    def _found(self, found: Found, outcome: Outcome, now: Instant) -> None:
        for hit in found.hits:
            self._judge.hit(hit, outcome, now)
        if found.cursor is None:
            return
        if self._judge.guard.is_looking:
            self._judge.guard.hold(found.cursor)
        else:
            self._keep(found.cursor, now)

    def _keep(self, cursor: Cursor, now: Instant) -> None:
        self._cursors[cursor.source] = cursor
        self._due.cursors = min(self._due.cursors, Instant(now + CURSOR_DELAY))

    # ---------------------------------------------------------------------------------------- persons

    def _ban_asked(self, asked: BanAsked, outcome: Outcome, now: Instant) -> None:
        jail = self._judge.jails[asked.jail]
        length = jail.config.bantime if asked.seconds is None else asked.seconds
        until = NEVER if length == FOREVER else Instant(now + length)
        for subject in asked.subjects:
            jail.windows.forget(subject)
            if self._judge.extend(jail, subject, until, outcome, now):
                continue
            count = self._judge.past(jail, subject) + 1
            ban = Ban(asked.jail, subject, now, until, 0, count, Origin.PERSON, reason=asked.reason)
            self._judge.ban(jail, ban, outcome, now)

    def _release_asked(self, asked: ReleaseAsked, outcome: Outcome, now: Instant) -> None:
        jails = self._judge.jails.values() if asked.jail is None else [self._judge.jails[asked.jail]]
        for jail in jails:
            for subject in asked.subjects:
                jail.windows.forget(subject)
                self._release(jail, _meant(jail, subject), outcome, now)
                if self._judge.offenders.forgive(subject, jail.config.name):
                    outcome.forgive(Place(jail.config.name, subject))

    def _release(self, jail: Jail, subjects: Iterable[Subject], outcome: Outcome, now: Instant) -> None:
        for subject in subjects:
            jail.bans.drop(subject)
            self._judge.offenders.forgive(subject, jail.config.name)
            outcome.release(Place(jail.config.name, subject))
            outcome.note(Note(Topic.UNBANNED, now, jail.config.name, subject, "released"))

    def _exempt_asked(self, asked: ExemptAsked, outcome: Outcome, now: Instant) -> None:
        exemption = asked.exemption
        if not asked.wanted:
            if self._judge.exemptions.drop(exemption.subject):
                outcome.unexempt(exemption.subject)
        elif not self._judge.exemptions.put(exemption):
            outcome.note(Note(Topic.FULL, now, subject=exemption.subject, text="too many exemptions"))
        else:
            outcome.exempt(exemption)
            for jail in self._judge.jails.values():
                self._release(jail, _inside(jail, exemption.subject), outcome, now)

    # ---------------------------------------------------------------------------------------- answers

    def _answered(self, answered: Answered, outcome: Outcome, now: Instant) -> None:
        question, answer = answered.question, answered.answer
        match answer:
            case Surroundings():
                for cursor in self._judge.look(answer, outcome, now):
                    self._keep(cursor, now)
            case Checked():
                self._checked(question, answer, outcome, now)
            case Resolved():
                addresses = AddressSet(answer.addresses)
                if isinstance(question, OwnAddresses):
                    self._judge.own = addresses
                for jail in self._judge.jails.values():
                    jail.exempt.answered(question, addresses)
                for hit in self._judge.parking.take(question):
                    self._judge.warn_of_name(hit, answer.addresses, outcome, now)
                    for address in answer.addresses:
                        self._judge.hit(hit._replace(subject=address, is_name=False), outcome, now)
            case _:
                assert_never(answer)

    def _checked(self, question: Question, answer: Checked, outcome: Outcome, now: Instant) -> None:
        for hit in self._judge.parking.take(question):
            jail = self._judge.jails.get(hit.jail)
            if jail is None:
                continue
            jail.remember(hit, now, is_known=answer.is_known)
            self._judge.checked(jail, hit, outcome, now, is_known=answer.is_known)

    # ------------------------------------------------------------------------------------------- time

    def _failed(self, failed: Failed, outcome: Outcome, now: Instant) -> None:
        """Wish everything anew: at once the first time, then after longer and longer pauses."""
        if self._due.replace != NEVER:
            return  # that is going to happen; putting it off at every failure would be for ever
        pause = RETRIES[min(self._refusals, len(RETRIES) - 1)]
        self._refusals += 1
        self._due.replace = Instant(now + pause)
        text = f"{failed.error}; everything is enforced anew" + (f" in {pause:g} s" if pause else "")
        outcome.note(Note(Topic.TROUBLE, now, text=text))
        self._replace_if_due(outcome, now)

    def _replace_if_due(self, outcome: Outcome, now: Instant) -> None:
        if self._due.replace <= now:
            self._due.replace = NEVER
            self._due.calm = Instant(now + CALM)
            outcome.replace = Replace(self.wish())

    def _tick(self, outcome: Outcome, now: Instant) -> None:
        for name, jail in self._judge.jails.items():
            for subject in jail.bans.due(now):
                outcome.note(Note(Topic.UNBANNED, now, name, subject, "time is over"))
        self._replace_if_due(outcome, now)
        if self._due.calm <= now:
            self._due.calm, self._refusals = NEVER, 0
        if self._due.housekeeping <= now:
            self._due.housekeeping = Instant(now + HOUSEKEEPING)
            self._judge.exemptions.expire(now)
            for jail in self._judge.jails.values():
                jail.windows.expire(now)
        if self._due.refresh <= now:
            self._refresh(outcome, now)
        if self._due.cursors <= now:
            self._due.flush = True

    def _refresh(self, outcome: Outcome, now: Instant) -> None:
        """Ask again for all addresses that may have changed."""
        self._due.refresh = Instant(now + REFRESH)
        outcome.ask(OwnAddresses())
        asked = dict.fromkeys(each for jail in self._judge.jails.values() for each in jail.exempt.questions)
        for question in asked:
            outcome.ask(question)

    def _finish(self, outcome: Outcome) -> list[Effect]:
        """Put the effects in order, with the cursors that may be remembered by now."""
        cursors: tuple[Cursor, ...] = ()
        if outcome.must_be_saved or self._due.flush:
            cursors = tuple(self._cursors.values())
            self._cursors.clear()
            self._due.cursors, self._due.flush = NEVER, False
        effects = outcome.effects(cursors)
        wake_at = min((jail.bans.next_end() for jail in self._judge.jails.values()), default=NEVER)
        wake_at = min(wake_at, self._due.earliest())
        if wake_at != self._due.wake:
            self._due.wake = wake_at
            effects.append(WakeAt(wake_at))
        return effects

    # ------------------------------------------------------------------------------------------ views

    def wish(self) -> Iterator[tuple[Place, Instant]]:
        """Yield all bans in force, by jail; a stream, to be read before the next event."""
        for name, jail in self._judge.jails.items():
            for subject, until in jail.bans:
                # fast path: a quarter of a second of a million bans; clean twin: `Place(name, subject)`
                yield tuple.__new__(Place, (name, subject)), until

    def status(self) -> tuple[JailStatus, ...]:
        """Return the figures of every jail."""
        return tuple(jail.status() for jail in self._judge.jails.values())

    def exemptions(self) -> tuple[Exemption, ...]:
        """Return all exemptions made by hand."""
        return self._judge.exemptions.all()

    def objection(self, subject: Subject, surroundings: Surroundings, now: Instant) -> str | None:
        """Say why a person had better not ban a subject."""
        if (exemption := self._judge.exemptions.touched(subject, now)) is not None:
            return f"exempt by hand ({exemption.subject})"
        return self._judge.guard.reasons(surroundings.reasons, now).against(subject)

    def explain(self, subject: Subject, now: Instant) -> Explanation:
        """Return what is known of a subject, without looking anything up outside."""
        jails = self._judge.jails.items()
        bans = tuple(
            (Place(name, ban[0]), ban[1]) for name, jail in jails if (ban := jail.bans.covering(subject))
        )
        counts = tuple((name, count) for name, jail in jails if (count := jail.windows.get(subject)))
        reasons = (
            f"[{name}] {why}"
            for name, jail in jails
            if (why := self._judge.exempt_reason(jail, subject, now))
        )
        return Explanation(bans, counts, next(reasons, ""))


def _meant(jail: Jail, subject: Subject) -> list[Subject]:
    """Return the bans that a person means: this one, or, for a network that is not banned, all in it."""
    return [subject] if subject in jail.bans else _inside(jail, subject)


def _inside(jail: Jail, subject: Subject) -> list[Subject]:
    """Return all bans of a subject or of somebody in it."""
    if "/" not in subject:
        return [subject] if subject in jail.bans else []
    network = AddressSet([subject])
    return [banned for banned, _ in jail.bans if network.covers(banned)]
