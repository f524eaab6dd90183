"""Talk with an engine: something happens at a time, and the reply is what it wants done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TypeAlias

from banish.core.config import Config, JailConfig
from banish.core.engine import Engine
from banish.core.model import (
    Answer,
    Answered,
    Ask,
    BanAsked,
    Block,
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
    LookAround,
    Memory,
    Note,
    OperatorSeen,
    Question,
    Release,
    ReleaseAsked,
    Replace,
    Resolved,
    RunCheck,
    Save,
    Seconds,
    Subject,
    Surroundings,
    Tick,
    Topic,
    WakeAt,
)
from banish.core.rules import Calendar, JailRules, Program

ANNA, BERT, CARL = Subject("192.0.2.1"), Subject("192.0.2.2"), Subject("198.51.100.3")
NET = Subject("192.0.2.0/24")

NOTHING = Memory()

Ends: TypeAlias = "dict[tuple[str, str], float]"
"""(jail, subject) → end."""


def program(*jails: JailConfig) -> Program:
    """Return a program of jails that get their hits from nowhere."""
    rules = (JailRules(jail, None, (), (), "utf-8", Calendar(UTC, 2026)) for jail in jails)
    return Program(Config(jails), tuple(rules))


def cursor(position: int, source: str = "log") -> Cursor:
    return Cursor(source, str(position))


class Reply:
    """What the engine wants done, sorted by kind; `effects` has it all in order."""

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = [each for each in effects if not isinstance(each, WakeAt)]
        self.wake: float | None = next((each.at for each in effects if isinstance(each, WakeAt)), None)
        self.blocks: Ends = {}
        self.released: list[tuple[str, str]] = []
        self.replaced: Ends | None = None
        self.saved = Save()
        self.asked: list[Question] = []
        self.notes: list[Note] = []
        for effect in self.effects:
            self._sort(effect)

    def _sort(self, effect: Effect) -> None:
        match effect:
            case Block():
                self.blocks |= dict(effect.bans)
            case Release():
                self.released += effect.places
            case Replace():
                self.replaced = dict(effect.bans)
            case Save():
                self.saved = effect
            case Ask():
                self.asked.append(effect.question)
            case Note():
                self.notes.append(effect)
            case _:
                raise AssertionError(effect)

    @property
    def kinds(self) -> list[str]:
        """The kinds of effects in order, each once where several follow each other."""
        names = [type(effect).__name__ for effect in self.effects]
        return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]

    @property
    def topics(self) -> list[Topic]:
        return [note.topic for note in self.notes]

    def texts(self, topic: Topic) -> list[str]:
        return [note.text for note in self.notes if note.topic is topic]


class Dialogue:
    """An engine that runs these jails since time 0, and the clock it is told."""

    def __init__(self, *jails: JailConfig, memory: Memory = NOTHING, draw: float = 0.0) -> None:
        self.now = Instant(0)
        self.engine = Engine(lambda: draw)
        self.start = self.adopt(*jails, memory=memory)

    def at(self, now: float) -> Dialogue:
        self.now = Instant(now)
        return self

    def adopt(self, *jails: JailConfig, memory: Memory = NOTHING) -> Reply:
        return Reply(self.engine.adopt(program(*jails), self.now, memory))

    def tell(self, event: Event) -> Reply:
        return Reply(self.engine.handle(event, self.now))

    # ------------------------------------------------------------------------------------- what happens

    def hit(self, jail: str, *subjects: str, at: float | None = None, cursor: Cursor | None = None) -> Reply:
        """Let each of the subjects fail once; `at` is the time in the line."""
        written = self.now if at is None else Instant(at)
        hits = (Hit(jail, Subject(each), written, 0, ("a line",)) for each in subjects)
        return self.tell(Found(tuple(hits), cursor))

    def name(self, jail: str, name: str) -> Reply:
        """Let somebody fail who is known by name only."""
        return self.tell(Found((Hit(jail, Subject(name), self.now, 0, is_name=True),)))

    def answer(self, question: Question, answer: Answer) -> Reply:
        return self.tell(Answered(question, answer))

    def resolve(self, question: Question, *addresses: str) -> Reply:
        return self.answer(question, Resolved(tuple(Subject(each) for each in addresses)))

    def look(self, reasons: Mapping[Subject, str] | None = None) -> Reply:
        return self.answer(LookAround(), Surroundings(reasons or {}))

    def check(self, question: Question, *, is_known: bool) -> Reply:
        assert isinstance(question, RunCheck)
        return self.answer(question, Checked(is_known))

    def ban(self, jail: str, *subjects: str, seconds: float | None = None, reason: str = "") -> Reply:
        length = None if seconds is None else Seconds(seconds)
        return self.tell(BanAsked(jail, tuple(Subject(each) for each in subjects), length, reason))

    def release(self, *subjects: str, jail: str | None = None) -> Reply:
        return self.tell(ReleaseAsked(tuple(Subject(each) for each in subjects), jail))

    def exempt(self, subject: str, until: float = float("inf")) -> Reply:
        return self.tell(ExemptAsked(Exemption(Subject(subject), Instant(until))))

    def unexempt(self, subject: str) -> Reply:
        return self.tell(ExemptAsked(Exemption(Subject(subject)), wanted=False))

    def operator(self, subject: str) -> Reply:
        return self.tell(OperatorSeen(Subject(subject)))

    def fail(self, error: str = "no such set") -> Reply:
        return self.tell(Failed(error))

    def tick(self) -> Reply:
        return self.tell(Tick())

    def wish(self) -> Ends:
        return dict(self.engine.wish())
