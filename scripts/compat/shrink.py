"""Makes a case smaller for as long as it stays what it is: fewer lines, fewer expressions, shorter lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from compat.case import Case

_T = TypeVar("_T")

_ROUNDS: Final = 400  # comparisons for one case; each takes some 30 ms


class _Enough(Exception):  # noqa: N818 - no error
    """All tries are used up."""


def smallest(case: Case, is_still: Callable[[Case], bool]) -> Case:
    """Return the smallest case found of which `is_still` says that it shows the same."""
    return _Shrinking(case, is_still).run()


class _Shrinking:
    """The best so far, and the tries that are left."""

    def __init__(self, case: Case, is_still: Callable[[Case], bool]) -> None:
        self._best = case
        self._is_still = is_still
        self._left = _ROUNDS

    def run(self) -> Case:
        try:
            self._lines()
            self._definition()
            self._bytes()
            self._lines()
        except _Enough:
            pass
        return self._best

    def _try(self, case: Case) -> bool:
        if not self._left:
            raise _Enough
        self._left -= 1
        if self._is_still(case):
            self._best = case
            return True
        return False

    def _lines(self) -> None:
        _without(self._best.lines, lambda lines: self._try(self._best.with_lines(lines)))

    def _definition(self) -> None:
        head, *rows = self._best.definition.splitlines() or [""]

        def fits(left: list[str]) -> bool:
            # the first value of an option stands on the line of its name
            text = "\n".join([head, *left]) + "\n"
            return self._try(replace(self._best, definition=text))

        if rows:
            _without(rows, fits)

    def _bytes(self) -> None:
        for number in range(len(self._best.lines)):
            line = self._best.lines[number]

            def fits(left: list[int], number: int = number) -> bool:
                lines = self._best.lines
                lines[number] = bytes(left)
                return self._try(self._best.with_lines(lines))

            _without(list(line), fits)


def _without(things: Sequence[_T], fits: Callable[[list[_T]], bool]) -> list[_T]:
    """Leave out as many as possible, large parts first, then single ones."""
    left, size = list(things), len(things) // 2 or 1
    while size:
        at = 0
        while at < len(left) and len(left) > 1:
            fewer = left[:at] + left[at + size :]
            if fewer and fits(fewer):
                left = fewer
            else:
                at += size
        size //= 2
    return left
