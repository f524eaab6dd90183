"""Expressions that may take very long on a crafted line, and the lines to try them with.

A backtracking matcher tries every way in which a text that fails in the end could have fitted. Where a loop
can take one word in two ways, every further word doubles them; where two loops can share a word, the work
grows with the square of the length. Both are found in the automaton, and only suspected: what the automaton
leaves out, or the matcher's short cuts, may save an expression. A clock decides.
Source: A. Weber, H. Seidl, On the degree of ambiguity of finite automata, 1991, for the two patterns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Final, TypeAlias

from banish.core.lint.example import shown
from banish.core.regex.automaton import Automaton, TooLargeError, automaton
from banish.core.regex.charset import EVERYTHING, CharSet, common, pick, united, without
from banish.core.regex.tree import Node

MOST: Final = 4
"""Suspects of one expression; the next ones are variations of the first."""

LENGTHS: Final = tuple(2**power for power in range(5, 13))
"""Characters of the lines to try. A log line of 4096 is nothing special; Banish reads up to a mebibyte."""

DOUBLING: Final = float("inf")

LONG_SECONDS: Final = 0.1  # of computing for one line: ten such lines a second, and nothing else is done
_GROWTH: Final = 2.5  # times longer for a line of twice the length; 2 would be in proportion

_STEPS: Final = 3_000  # of one search; the stock expressions need some hundred
_SEARCHES: Final = 300  # of one expression with many loops
_ENTRIES: Final = 3  # positions of a loop that are tried as its beginning


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that may take long: `start`, then `pump` again and again, then `end`.

    The time may grow with the length to the power of `degree`; infinite if each `pump` may double it.
    """

    start: str
    pump: str
    end: str
    degree: float

    def line(self, length: int) -> str:
        """Return a line of about this many characters."""
        times = max(1, (length - len(self.start) - len(self.end)) // len(self.pump))
        return f"{self.start}{self.pump * times}{self.end}"


def suspects(tree: Node) -> tuple[Suspect, ...]:
    """Return the lines to try, the most dangerous first."""
    try:
        search = _Search(automaton(tree))
    except TooLargeError:
        return ()
    found = (*search.exponential(), *search.polynomial())
    return tuple(islice(dict.fromkeys(found), MOST))


def verdict(suspect: Suspect, seconds: Sequence[float], *, is_cut: bool) -> str:
    """Say what measuring showed, `seconds` for the lengths in order; empty if the expression is quick enough.

    `is_cut` says that the last search was ended before it was done.
    """
    if not seconds or seconds[-1] < LONG_SECONDS:
        return ""
    if not is_cut and len(seconds) > 1 and seconds[-1] < _GROWTH * seconds[-2]:
        return ""
    length = len(suspect.line(LENGTHS[len(seconds) - 1]))
    time = f"{'more than ' if is_cut else ''}{seconds[-1]:.2g}"
    line = shown(suspect.start + suspect.pump * 3)
    return (
        f'takes {time} s for a line of {length} characters, "{line}…", and attackers may send many: what '
        'fits in several ways is tried in all; let neighbours exclude each other, as in "[^"]*" for ".*"'
    )


_State: TypeAlias = "tuple[int, ...]"


class _Search:
    """The search for ambiguity in one automaton."""

    def __init__(self, made: Automaton) -> None:
        self._made = made

    def exponential(self) -> Iterator[Suspect]:
        """Yield suspects where one loop takes a word in two ways."""
        for loop in self._made.loops:
            found = self._double_edge(loop) or self._two_ways(loop)
            if found:
                here, pump = found
                yield from self._suspects(here, pump, loop, DOUBLING)

    def polynomial(self) -> Iterator[Suspect]:
        """Yield suspects where two loops share a word; first those with most loops between them."""
        loops = self._made.loops
        pairs: dict[tuple[int, int], tuple[int, str]] = {}
        for one, other in islice(combinations(range(len(loops)), 2), _SEARCHES):
            if (found := self._shared(loops[one], loops[other])) is not None:
                pairs[one, other] = found

        def between(pair: tuple[int, int]) -> int:
            return sum((pair[0], each) in pairs and (each, pair[1]) in pairs for each in range(*pair))

        for pair in sorted(pairs, key=between, reverse=True):
            here, pump = pairs[pair]
            yield from self._suspects(here, pump, loops[pair[1]], between(pair) + 2)

    def _suspects(self, here: int, pump: str, last: range, degree: float) -> Iterator[Suspect]:
        """Yield lines with ends that let the match fail as late as can be."""
        made = self._made
        start = made.path(made.starts, here) if here else ""
        after = {position for each in last for position in (each, *made.follow[each])}
        wrong = pick(without(EVERYTHING, united(made.masks[position] for position in after)))
        for end in dict.fromkeys(("", wrong.strip("\n"))):
            yield Suspect(start or "", pump, end, degree)

    def _double_edge(self, loop: range) -> tuple[int, str] | None:
        """Find a step that can be taken in two ways, as from `a` to `a` in `(a+)+`."""
        for here in loop:
            for there, ways in self._made.follow[here].items():
                if ways > 1 and there in loop:
                    pump = self._made.path([there], here)
                    return (here, pump) if pump else None
        return None

    def _two_ways(self, loop: range) -> tuple[int, str] | None:
        """Find a word that leads from a position to itself in two ways."""
        masks, follow = self._made.masks, self._made.follow
        parted: dict[_State, int] = {
            pair: here
            for here in loop
            for pair in combinations(sorted(each for each in follow[here] if each in loop), 2)
            if common(masks[pair[0]], masks[pair[1]])
        }
        found = self._word(parted, lambda state: state[0] == state[1], (loop, loop))
        if found is None:
            return None
        (one, other), word, (met, _) = found
        here = parted[one, other]
        back = self._made.path([met], here)
        pump = pick(common(masks[one], masks[other])) + word + (back or "")[1:]
        return here, pump

    def _shared(self, one: range, other: range) -> tuple[int, str] | None:
        """Find a word that leads through one loop, through the other, and from the one to the other."""
        masks = self._made.masks
        if not common(united(masks[each] for each in one), united(masks[each] for each in other)):
            return None
        rooms = (one, other, range(len(masks)))
        for here, there in product(one[:_ENTRIES], other[:_ENTRIES]):
            goal = (here, there, there)
            found = self._word([(here, there, here)], goal.__eq__, rooms)
            if found is not None:
                return here, found[1]
        return None

    def _word(
        self, starts: Iterable[_State], is_goal: Callable[[_State], bool], rooms: tuple[range, ...]
    ) -> tuple[_State, str, _State] | None:
        """Find the shortest word that leads all parts of a state at once from a start to a goal."""
        before: dict[_State, tuple[_State | None, str]] = dict.fromkeys(starts, (None, ""))
        waiting = deque(before)
        for _ in range(_STEPS):
            if not waiting:
                return None
            here = waiting.popleft()
            for there, mask in self._steps(here, rooms):
                if there in before:
                    continue
                before[there] = (here, pick(mask))
                if is_goal(there):
                    return _told(before, there)
                waiting.append(there)
        return None

    def _steps(self, state: _State, rooms: tuple[range, ...]) -> list[tuple[_State, CharSet]]:
        """Return where one more character leads all parts of a state."""
        masks, follow = self._made.masks, self._made.follow
        found: list[tuple[_State, CharSet]] = [((), EVERYTHING)]
        for here, room in zip(state, rooms, strict=True):
            found = [
                ((*done, there), both)
                for done, mask in found
                for there in follow[here]
                if there in room and (both := common(mask, masks[there]))
            ]
        return found


def _told(before: Mapping[_State, tuple[_State | None, str]], goal: _State) -> tuple[_State, str, _State]:
    """Return where a search began, the word it found, and where it ended."""
    characters: list[str] = []
    here = goal
    while (step := before[here])[0] is not None:
        characters.append(step[1])
        here = step[0]
    return here, "".join(reversed(characters)), goal
