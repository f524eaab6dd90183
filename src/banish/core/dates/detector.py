"""Which template of many reads the date of a line: the last that did, then the others, the best first.

The order is learned from the lines. A date further right than where dates were found before may be part
of a message, and is taken only if no other is found.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Self

from banish.core.dates.template import Template
from banish.core.model import Instant

_STALE = 300  # seconds without a hit after which a template gives way to one that hits now


@dataclass(slots=True)
class _Entry:
    """A template and its record."""

    template: Template
    hits: int = 0
    last: float = 0.0  # time of the last hit
    distance: float = inf  # of the last hit from the left

    @property
    def merit(self) -> float:
        return self.hits * self.template.weight / max(1, self.distance)


class Standing(NamedTuple):
    """A template, how many lines it has won, and what it weighs in the competition."""

    template: Template
    hits: int
    merit: float


class _Find(NamedTuple):
    which: int
    match: re.Match[str]


class Place(NamedTuple):
    """Where a date stood, and the characters outside and inside its ends; "" where there was none."""

    start: int
    before: str
    first: str
    end: int
    last: str
    after: str

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return where a match stands."""
        line, (start, end) = match.string, match.span()
        return cls(
            start, line[start - 1 : start], line[start : start + 1],
            end, line[end - 1 : end], line[end : end + 1],
        )  # fmt: skip

    def fits(self, line: str) -> bool:
        """Whether a date may stand at the same place here.

        At each end the character outside must be the same, or the one inside, if there is one and it is no
        letter or digit.
        """
        _, before, first, _, last, after = self
        start, end = self.start, self.end
        return (line[start - 1 : start] == before or _is_sign(first, line[start : start + 1])) and (
            line[end : end + 1] == after or _is_sign(last, line[end - 1 : end])
        )


def _is_sign(character: str, here: str) -> bool:
    """Whether there is a character, the same here, that is no letter or digit."""
    return bool(character) and character == here and not character.isalnum()


_NOWHERE = Place(1, "", "", 0, "", "")  # before the first date; what starts further right is "further right"


class Detector:
    """The templates in their present order; one for each jail, as it learns from that jail's lines."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._entries = [_Entry(template) for template in templates]
        self._last: int | None = None
        self._place = _NOWHERE
        self._unused = 0  # the first entry that never hit

    def find(self, line: str, now: Instant) -> tuple[Template, re.Match[str]] | None:
        """Find the date of a line, and learn from it; absent if no template matches."""
        find = self._find(line)
        if find is None:
            return None
        template = self._entries[find.which].template
        self._learn(find, now)
        return template, find.match

    @property
    def favourite(self) -> Template | None:
        """The template that dates every line it matches, whatever others say: the last, if bound."""
        if self._last is None or not self._entries[self._last].template.begins:
            return None
        return self._entries[self._last].template

    @property
    def latest(self) -> tuple[Template, Place] | None:
        """The template that dated the last line that had a date, and where it stood; absent if none had."""
        return None if self._last is None else (self._entries[self._last].template, self._place)

    @property
    def is_untouched(self) -> bool:
        """Whether no line has had a date so far."""
        return self._last is None

    def repeat(self, times: int, line: str, now: Instant) -> None:
        """Learn from `times` lines at once, the last of which is this one.

        All are dated by the latest template, as it matches first, whatever was learned before.
        """
        if not times or self._last is None:
            return
        entry = self._entries[self._last]
        match = entry.template.regex.search(line)
        if match is not None:
            entry.hits += times - 1
            self._learn(_Find(self._last, match), now)

    def ranking(self) -> Sequence[Standing]:
        """Return the templates in their present order."""
        return [Standing(entry.template, entry.hits, entry.merit) for entry in self._entries]

    def _find(self, line: str) -> _Find | None:
        if self._last is None:
            return self._best(line, None, None)
        entry, place = self._entries[self._last], self._place
        is_anchored = entry.template.is_anchored
        is_same_place = not is_anchored and place.fits(line)
        search = entry.template.regex.search
        match = search(line, place.start, place.end) if is_same_place else search(line)
        find = match and _Find(self._last, match)
        if match and (len(self._entries) == 1 or is_anchored or match.span() == (place.start, place.end)):
            return find
        # A search that was held to the old place says nothing of the rest of the line.
        return self._best(line, find, None if is_same_place else self._last)

    def _best(self, line: str, spare: _Find | None, tried: int | None) -> _Find | None:
        """Take the first template that convinces, or else what is leftmost."""
        for index, entry in enumerate(self._entries):
            match = None if index == tried else entry.template.regex.search(line)
            if match is None:
                continue
            if self._is_convincing(index, match.start()):
                return _Find(index, match)
            if spare is None or match.start() < spare.match.start():
                spare = _Find(index, match)
        return spare

    def _is_convincing(self, index: int, start: int) -> bool:
        entry = self._entries[index]
        if index == len(self._entries) - 1 or entry.template.is_anchored:
            return True
        # fail2ban has one more test here, of a date at 0 whose next template never matched: 0 passes anyway.
        return start <= entry.distance and start <= self._place.start

    def _learn(self, find: _Find, now: Instant) -> None:
        index, match = find
        entry = self._entries[index]
        entry.hits += 1
        entry.last = now
        entry.distance = match.start()
        if self._unused == index:
            self._unused += 1
        self._place = Place.of(match)
        self._last = index if index in {0, self._last} else self._raised(index)

    def _raised(self, index: int) -> int:
        """Move an entry up, far or else by one, if it beats the one there; return where it is then."""
        far = self._unused if self._unused < index else index // 2
        for place in (far, index - 1):
            if self._beats(index, place):
                self._entries.insert(place, self._entries.pop(index))
                self._skip_used()
                return place
        return index

    def _beats(self, index: int, other: int) -> bool:
        mine, theirs = self._entries[index], self._entries[other]
        return mine.merit > theirs.merit or mine.last - _STALE > theirs.last

    def _skip_used(self) -> None:
        while self._unused < len(self._entries) and self._entries[self._unused].hits:
            self._unused += 1
