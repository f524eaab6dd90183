"""A value that knows where each of its lines was written.

Values are cut and joined while references in them are replaced; whatever comes out still says of every line
in which file it stands, so that a bad expression can be shown where the operator can mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from banish.core.config import Problem, Severity
from banish.core.errors import ConfigError


class Spot(NamedTuple):
    """A line of a file, counted from 1; 0 where the file as a whole is meant."""

    file: str = ""
    line: int = 0


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class Text:
    """Text with the spot of each of its lines: always one more than it has line ends."""

    text: str
    spots: tuple[Spot, ...]

    @classmethod
    def at(cls, text: str, spot: Spot = NOWHERE) -> Text:
        """Return a text of which all lines are said to stand at one spot."""
        return cls(text, (spot,) * (text.count("\n") + 1))

    @property
    def spot(self) -> Spot:
        """Where it stands: the spot of the first line that is not blank."""
        return next((spot for line, spot in self.lines() if line.strip()), self.spots[0])

    def lines(self) -> Iterator[tuple[str, Spot]]:
        """Every line with its spot."""
        return zip(self.text.split("\n"), self.spots, strict=True)

    def cut(self, start: int, end: int | None = None) -> Text:
        """Return the part from `start` up to but not including `end`."""
        part = self.text[start:end]
        first = self.text.count("\n", 0, start)
        return Text(part, self.spots[first : first + part.count("\n") + 1])

    def split(self, separator: str) -> Iterator[Text]:
        """Yield the parts between the separators; costs no more than the length of the text."""
        line = 0
        for part in self.text.split(separator):
            end = line + part.count("\n")
            yield Text(part, self.spots[line : end + 1])
            line = end + separator.count("\n")


def join(parts: Iterable[Text]) -> Text:
    """Put parts together; a line made of several parts stands where its first part that is not blank does."""
    texts: list[str] = []
    spots: list[Spot] = []
    is_blank = True  # the line that the next part continues
    for part in parts:
        if not part.text and spots:
            continue
        if not spots:
            spots.append(part.spots[0])
        elif is_blank:
            spots[-1] = part.spots[0]
        texts.append(part.text)
        spots.extend(part.spots[1:])
        before, newline, last = part.text.rpartition("\n")
        is_blank = not last.strip() and (is_blank or bool(before + newline))
    return Text("".join(texts), tuple(spots)) if spots else Text.at("")


class Fault(ConfigError):  # noqa: N818 - kept and passed on as often as it is raised
    """What is wrong with one value, and where; becomes a `Problem` once it is known which jail it costs."""

    def __init__(
        self, text: str, spot: Spot = NOWHERE, section: str = "", key: str = "", value: str = ""
    ) -> None:
        super().__init__(text)
        self.text = text
        self.spot = spot
        self.section = section
        self.key = key
        self.value = value

    def problem(self, jail: str = "", severity: Severity = Severity.ERROR) -> Problem:
        """Tell it as a problem that costs `jail`."""
        return Problem(severity, self.text, *self.spot, self.section, self.key, self.value, jail)

    def __str__(self) -> str:
        return str(self.problem())
