"""How one line is judged, step by step: what the matcher itself did, and the same expressions asked again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias, TypeVar

from banish.core.config import Rule
from banish.core.dates import Standing
from banish.core.errors import ConfigError
from banish.core.identity import identify
from banish.core.match import Mode
from banish.core.model import Field, Hit, Instant
from banish.core.regex.beginning import Beginning, beginning
from banish.core.rules import JailRules
from banish.core.trial import Fate, Reading, Trial
from banish.faces.cli.patience import at_most

JUDGED_SECONDS: Final = 10.0  # for the line itself
ASKED_SECONDS: Final = 0.25  # for one expression that is asked again
ALL_SECONDS: Final = 3.0  # for all of them

_Expression: TypeAlias = "tuple[Rule, re.Pattern[str]]"
_Answer = TypeVar("_Answer")

_ID_FIELDS: Final = ("fid", "ip4", "ip6", "dns")


class Tried(NamedTuple):
    """One expression, whether the matcher asked it, and whether it matches; absent if nobody knows.

    `beginning` tells how far one got that does not match.
    """

    rule: Rule
    is_asked: bool
    matches: bool | None
    beginning: Beginning | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a line, and why. `template` read the date, if there is one.

    `prefix` is absent where the filter has none. `whence` names the fields that say who it was.
    """

    rules: JailRules
    text: str
    reading: Reading
    hit: Hit | None
    template: Standing | None
    prefix: Tried | None
    failures: Sequence[Tried]
    ignores: Sequence[Tried]

    @property
    def fields(self) -> Mapping[str, Field | None]:
        """What is known of the failure: groups of the line and of its connection."""
        first = self.reading.first
        return first.told.fields if first else {}

    @property
    def whence(self) -> Sequence[str]:
        """The fields that tell who it was: those that alone lead to the same."""
        who = self.reading.first and self.reading.first.who
        cidr = {name: value for name, value in self.fields.items() if name == "cidr"}
        alone = ((name, {name: self.fields.get(name), **cidr}) for name in _ID_FIELDS)
        return [name for name, only in alone if who and identify(only, self.rules.jail.usedns) == who]


def explain(program: Iterable[JailRules], lines: Iterable[bytes], now: Instant) -> list[Explanation]:
    """Judge the last of these lines, after the others, by the clock of `banish try`; once for each filter."""
    trials = [(rules, Trial(rules, every=False, mode=Mode.TRIAL)) for rules in program]
    line: bytes | None = None
    for next_line in lines:
        for _, trial in trials if line is not None else ():
            trial.read(trial.decode(line or b""), now)
        line = next_line
    return [_explain(rules, trial, trial.decode(line or b""), now) for rules, trial in trials]


def _explain(rules: JailRules, trial: Trial, text: str, now: Instant) -> Explanation:
    hits = {id(standing.template): standing.hits for standing in trial.standings()}
    reading = _read(trial, text, now)
    used = (each for each in trial.standings() if each.hits > hits[id(each.template)])
    again = _Again()
    jail = rules.jail
    prefixes = ((jail.prefregex, rules.prefix),) if jail.prefregex and rules.prefix else ()
    is_asked = reading.fate is not Fate.IGNORED or reading.searched is not None  # or ignored before that
    prefixed = None if reading.prefix is None else 0
    return Explanation(
        rules,
        text,
        reading,
        trial.hit(reading),
        next(used, None),
        next(again.ask(prefixes, reading.window if is_asked else None, prefixed), None),
        tuple(again.ask(zip(jail.failregex, rules.failures, strict=True), reading.searched, reading.rule)),
        tuple(
            again.ask(zip(jail.ignoreregex, rules.ignores, strict=True), reading.judged, reading.ignored_by)
        ),
    )


def _read(trial: Trial, text: str, now: Instant) -> Reading:
    try:
        with at_most(JUDGED_SECONDS):
            return trial.read(text, now)
    except TimeoutError:
        raise ConfigError(
            f"{trial.jail.filter}: to judge this line takes more than {JUDGED_SECONDS:g} seconds; "
            "banish check names expressions that an attacker can keep busy"
        ) from None


class _Again:
    """Asks expressions once more, with a limit for each and for all."""

    def __init__(self) -> None:
        self._deadline = time.monotonic() + ALL_SECONDS

    def ask(
        self, expressions: Iterable[_Expression], text: str | None, matched: int | None
    ) -> Iterator[Tried]:
        """Yield what each says; the matcher asked no more after the one numbered `matched`."""
        for number, (rule, pattern) in enumerate(expressions):
            if text is None:
                yield Tried(rule, is_asked=False, matches=None)
            elif matched is None or number < matched:
                yield Tried(
                    rule, is_asked=True, matches=False, beginning=self._limited(beginning, pattern, text)
                )
            elif number == matched:
                yield Tried(rule, is_asked=True, matches=True)
            else:
                yield Tried(rule, is_asked=False, matches=self._limited(_matches, pattern, text))

    def _limited(
        self, ask: Callable[[re.Pattern[str], str], _Answer], pattern: re.Pattern[str], text: str
    ) -> _Answer | None:
        with suppress(TimeoutError), at_most(ASKED_SECONDS):
            return ask(pattern, text) if time.monotonic() < self._deadline else None
        return None


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None
