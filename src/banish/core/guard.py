"""Never lock out the owner: whoever is at work on this machine is spared, and so is what it lives from.

A ban is decided in two steps. First somebody has failed too often; then the guard looks around, and only
who is not found there is banned. What is found is known from outside (`Surroundings`) and from the operators
whose commands came from somewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from banish.core.count import Count
from banish.core.model import Cursor, Instant, Seconds, Subject
from banish.core.subject import AddressSet, parse

OPERATORS_CAP: Final = 64
OPERATOR_MEMORY: Final = Seconds(86400)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who failed too often in a jail."""

    jail: str
    subject: Subject
    count: Count


class Guard:
    """Candidates that wait for a look around, and the operators seen lately."""

    def __init__(self) -> None:
        self._operators: OrderedDict[Subject, Instant] = OrderedDict()
        self._candidates: list[Candidate] = []
        self._cursors: dict[str, Cursor] = {}

    @property
    def is_looking(self) -> bool:
        """Whether somebody waits for a look around."""
        return bool(self._candidates)

    def operator(self, subject: Subject, now: Instant) -> None:
        """Remember where an operator's command came from."""
        self._operators[subject] = now
        self._operators.move_to_end(subject)
        if len(self._operators) > OPERATORS_CAP:
            self._operators.popitem(last=False)

    def wait(self, candidate: Candidate) -> bool:
        """Let a candidate wait; say whether a look around has yet to be asked for."""
        self._candidates.append(candidate)
        return len(self._candidates) == 1

    def hold(self, cursor: Cursor) -> None:
        """Keep a cursor back: what was read up to it is not decided yet."""
        self._cursors[cursor.source] = cursor

    def release(self) -> tuple[list[Candidate], list[Cursor]]:
        """Return everybody who waited, and the cursors that were held back for them."""
        candidates, self._candidates = self._candidates, []
        cursors, self._cursors = self._cursors, {}
        return candidates, list(cursors.values())

    def reasons(self, surroundings: Mapping[Subject, str], now: Instant) -> Reasons:
        """Return all who must not be banned now."""
        operators = {
            subject: "an operator's command came from there"
            for subject, seen in self._operators.items()
            if now - seen < OPERATOR_MEMORY
        }
        return Reasons({**operators, **surroundings})


class Reasons:
    """Who must not be banned, and why."""

    def __init__(self, reasons: Mapping[Subject, str]) -> None:
        self._reasons = {parse(subject): reason for subject, reason in reasons.items()}
        self._set = AddressSet(self._reasons)

    def against(self, subject: Subject) -> str | None:
        """Return the reason not to ban a subject: it is one of them, in one of them, or contains one."""
        found = self._set.touches(subject)
        if found is None:
            return None
        return self._reasons[found] if found == subject else f"{self._reasons[found]} ({found})"
