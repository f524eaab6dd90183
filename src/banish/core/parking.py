"""Failures that wait for an answer from outside: what a name means, what an ignore command says."""

from __future__ import annotations

from typing import Final

from banish.core.model import Hit, Question

CAP: Final = 1000  # waiting failures; beyond it the newest is dropped, and the operator told


class Parking:
    """Failures by the question they wait for; a question is asked once, however many wait for it."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._waiting: dict[Question, list[Hit]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def is_full(self) -> bool:
        """Whether one more failure would have to be dropped."""
        return self._size >= self._cap

    def park(self, question: Question, hit: Hit) -> bool:
        """Let a failure wait; say whether the question has yet to be asked."""
        waiting = self._waiting.setdefault(question, [])
        waiting.append(hit)
        self._size += 1
        return len(waiting) == 1

    def take(self, question: Question) -> list[Hit]:
        """Return the failures that waited for this answer, in their order."""
        waiting = self._waiting.pop(question, [])
        self._size -= len(waiting)
        return waiting
