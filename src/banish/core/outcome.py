"""What comes of one event: effects are collected while deciding, and put in order at the end."""

from __future__ import annotations

from banish.core.model import (
    Ask,
    Ban,
    Block,
    Cursor,
    Effect,
    Exemption,
    Instant,
    Note,
    Place,
    Question,
    Release,
    Replace,
    Save,
    Subject,
    Topic,
)


class Outcome:
    """The effects of one event. Order: protect, remember, ask, tell."""

    def __init__(self, *, is_rehearsal: bool = False) -> None:
        """In a rehearsal nothing is told to the operator, and nobody is on this machine to be locked out."""
        self.is_rehearsal = is_rehearsal
        self._bans: list[Ban] = []
        self._extended: list[tuple[Place, Instant]] = []
        self._released: list[Place] = []
        self._forgiven: list[Place] = []
        self._exemptions: list[Exemption] = []
        self._unexempted: list[Subject] = []
        self._questions: list[Question] = []
        self._notes: list[Note] = []
        self.replace: Replace | None = None

    def ban(self, ban: Ban) -> None:
        """Keep somebody out."""
        self._bans.append(ban)

    def extend(self, place: Place, until: Instant) -> None:
        """Keep somebody out for longer."""
        self._extended.append((place, until))

    def release(self, place: Place) -> None:
        """Let somebody in."""
        self._released.append(place)

    def forgive(self, place: Place) -> None:
        """Forget the earlier bans of somebody who is not banned now."""
        self._forgiven.append(place)

    def exempt(self, exemption: Exemption) -> None:
        """Remember an exemption."""
        self._exemptions.append(exemption)

    def unexempt(self, subject: Subject) -> None:
        """Forget an exemption."""
        self._unexempted.append(subject)

    def ask(self, question: Question) -> None:
        """Find something out."""
        self._questions.append(question)

    def note(self, note: Note) -> None:
        """Tell the operator."""
        if not self.is_rehearsal:
            self._notes.append(note)

    def found(self, at: Instant, jail: str, subject: Subject) -> None:
        """Tell the operator of a failure."""
        if not self.is_rehearsal:
            self._notes.append(Note(Topic.FOUND, at, jail, subject))

    @property
    def is_urgent(self) -> bool:
        """Whether somebody new is to be kept out, or something has to be found out."""
        return bool(self._bans or self._questions)

    @property
    def must_be_saved(self) -> bool:
        """Whether something happened that must survive a crash."""
        return any(
            (
                self._bans,
                self._extended,
                self._released,
                self._forgiven,
                self._exemptions,
                self._unexempted,
            )
        )

    def effects(self, cursors: tuple[Cursor, ...]) -> list[Effect]:
        """Return all in order; `cursors` are remembered together with what was found before them."""
        effects: list[Effect] = []
        if self.replace is not None:
            effects.append(self.replace)
        else:
            effects += self._protection()
        if self.must_be_saved or cursors:
            effects.append(
                Save(
                    tuple(self._bans),
                    tuple(self._extended),
                    (*self._released, *self._forgiven),
                    cursors,
                    tuple(self._exemptions),
                    tuple(self._unexempted),
                )
            )
        effects += [Ask(question) for question in self._questions]
        effects += self._notes
        return effects

    def _protection(self) -> list[Effect]:
        effects: list[Effect] = []
        blocks = *((ban.place, ban.until) for ban in self._bans), *self._extended
        if blocks:
            effects.append(Block(blocks))
        if self._released:
            effects.append(Release(tuple(self._released)))
        return effects
