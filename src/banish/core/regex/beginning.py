r"""How far an expression gets on a text that it does not match: the longest beginning of it that does.

A beginning is cut behind a piece that is whole: of `^bad (?:user|host) \d+`, `^bad ` and `^bad (?:user)` are
beginnings. Each is asked of `re`, as the expression itself is. That one fits is what all shorter ones need,
so that few have to be asked.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast


class Beginning(NamedTuple):
    """The part of an expression that fits, the part behind it, and where in the text the fit ends."""

    fits: str
    rest: str
    end: int


_PIECE: Final = re.compile(
    r"""
      \\ (?: x[0-9A-Fa-f]{2} | u[0-9A-Fa-f]{4} | U[0-9A-Fa-f]{8} | N\{[^}]*\} | [0-9]{1,3} | . )
    | \[ \^? \]? (?: \\. | [^\]\\] )* \]
    | \(\? (?: \#[^)]* | P=\w+ | [aiLmsux]+ ) \)
    | (?P<sealed> \(\? (?: <?[=!] | \(\w+\) ) )
    | (?P<open> \( (?: \?P<\w+> | \?> | \?[aiLmsux-]*: )? )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a piece begins with. Of what looks around, or chooses by a group, no part has a meaning: sealed."""

_TIMES: Final = re.compile(r"(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\})[?+]?")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece from `start` to `end`; one that can be taken apart has branches, behind what opens it."""

    start: int
    end: int
    opener: str = ""
    branches: Sequence[_Branch] = ()


@dataclass(frozen=True, slots=True)
class _Branch:
    start: int
    pieces: Sequence[_Piece]


class _Fit(NamedTuple):
    """How many pieces of a branch fit, where they end in the expression, and where in the text."""

    pieces: int
    cut: int
    end: int


def beginning(pattern: re.Pattern[str], text: str) -> Beginning | None:
    """Return how far it gets; nothing if its notation (`re.VERBOSE`) does not let it be cut.

    It may take as long as the expression itself does, some ten times.
    """
    if pattern.flags & re.VERBOSE:
        return None
    try:
        branches = _Reading(pattern.pattern).branches()
    except RecursionError:
        return None
    fit = _Trying(pattern, text).furthest(branches, "", "")
    return Beginning(pattern.pattern[: fit.cut], pattern.pattern[fit.cut :], fit.end)


class _Reading:
    """Cuts an expression, which is known to compile, into pieces."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def branches(self) -> Sequence[_Branch]:
        """Read up to the end, or to the parenthesis that ends a group."""
        found = [self._branch()]
        while self._next() == "|":
            self._at += 1
            found.append(self._branch())
        return found

    def _branch(self) -> _Branch:
        start = self._at
        pieces: list[_Piece] = []
        while self._next() not in {"", "|", ")"}:
            pieces.append(self._piece())
        return _Branch(start, pieces)

    def _piece(self) -> _Piece:
        start = self._at
        match = cast("re.Match[str]", _PIECE.match(self._source, start))  # any character is a piece
        self._at = match.end()
        opener = match["open"] or ""
        branches: Sequence[_Branch] = ()
        if opener or match["sealed"]:
            branches = self.branches()
            self._at += 1
        times = _TIMES.match(self._source, self._at)
        self._at = times.end() if times else self._at
        return _Piece(start, self._at, opener, branches if opener else ())

    def _next(self) -> str:
        return self._source[self._at : self._at + 1]


class _Trying:
    """Holds beginnings of one expression against one text."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern = pattern
        self._text = text

    def furthest(self, branches: Iterable[_Branch], head: str, tail: str) -> _Fit:
        """Return the fit of the best branch behind `head`, which fits; `tail` ends open groups."""
        fits = (self._branch(branch, head, tail) for branch in branches)
        return max(fits, key=lambda fit: (fit.pieces > 0, fit.end))

    def _branch(self, branch: _Branch, head: str, tail: str) -> _Fit:
        pieces, source = branch.pieces, self._pattern.pattern
        fit, beyond = _Fit(0, branch.start, self._end(head + tail)), len(pieces) + 1
        while beyond - fit.pieces > 1:
            middle = (fit.pieces + beyond) // 2
            cut = pieces[middle - 1].end
            end = self._end(head + source[branch.start : cut] + tail)
            if end < 0:
                beyond = middle
            else:
                fit = _Fit(middle, cut, end)
        if beyond > len(pieces) or not pieces[fit.pieces].branches:
            return fit
        stopped = pieces[fit.pieces]  # some of this one may fit, if only once
        before = head + source[branch.start : stopped.start]
        inner = self.furthest(stopped.branches, before + stopped.opener, ")" + tail)
        return fit._replace(cut=inner.cut, end=inner.end) if inner.pieces else fit

    def _end(self, regex: str) -> int:
        """Return where the leftmost match ends, -1 without one."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # as where expressions are compiled
                match = re.compile(regex, self._pattern.flags).search(self._text)
        except (re.error, RecursionError, OverflowError):  # refers to a group of another branch, for instance
            return -1
        return match.end() if match else -1
