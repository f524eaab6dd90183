"""What a line comes to, told by places instead of by texts, so that it holds for all lines of a shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from banish.core.model import Field
from banish.core.sessions import kind_of


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a group stands in a line; false if it is empty (of a tuple, mypyc does not ask)."""

    start: int
    end: int

    def __bool__(self) -> bool:
        return self.start < self.end


Spans: TypeAlias = "dict[str, Span | None]"


@dataclass(frozen=True, slots=True)
class Cut:
    """The date that was cut out of a line: places behind it have moved to the left."""

    start: int
    end: int

    def back(self, span: tuple[int, int], offset: int, length: int) -> Span | None:
        """Return where a span of the rest of a line, `offset` characters into it, stands in the whole line.

        Nothing if it is not in one piece there, or goes beyond the end (`length` of the line).
        """
        start, end = span[0] + offset, span[1] + offset
        if end <= self.start:
            return Span(start, end)
        if start < self.start:
            return None
        gap = self.end - self.start
        return Span(start + gap, end + gap) if end + gap <= length else None


class Found:
    """Which expression matches, and where its groups stand; groups that took no part are in `absent`.

    `kind` is what such a line means for its connection; `connection`, `user` and `address` (of IPv4) are
    where these stand, absent if they do not.
    """

    __slots__ = ("absent", "address", "connection", "groups_of", "kind", "places", "rule", "user")

    def __init__(self, rule: int, spans: Spans) -> None:
        self.rule = rule
        self.places = tuple((name, span.start, span.end) for name, span in spans.items() if span is not None)
        self.absent = tuple(name for name, span in spans.items() if span is None)
        self.kind = kind_of(spans)
        self.connection = spans.get("mlfid")
        self.user = spans.get("user") or None
        self.address = spans.get("ip4") or None
        self.groups_of = self.groups  # bound once: a hit is a matter of a microsecond

    def groups(self, line: str) -> dict[str, Field | None]:
        """Return the groups of a line of this shape."""
        groups: dict[str, Field | None] = dict.fromkeys(self.absent)
        for name, start, end in self.places:
            groups[name] = line[start:end]
        return groups


def spans(match: re.Match[str], cut: Cut, offset: int, length: int) -> Spans | None:
    """Return where the groups of a match stand in the whole line; nothing if one stands nowhere as it is."""
    found: Spans = {}
    for name in match.re.groupindex:
        place = match.span(name)
        if place[0] < 0:
            found[name] = None
            continue
        span = cut.back(place, offset, length)
        if span is None:
            return None
        found[name] = span
    return found


def found(rule: int, around: Spans, groups: Spans) -> Found:
    """Put together what an expression matched and the groups of the prefix in front of it."""
    given = {name: span for name, span in around.items() if name != "content"}
    return Found(rule, {**given, **groups})
