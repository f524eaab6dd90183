"""Scan blocks of log bytes for all jails that read a source: bytes in, hits out.

`Scanner.scan` takes whole blocks, so nothing outside depends on there being a call per line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from banish.core.expression import Expression, Watch
from banish.core.match.clear import JailScanner, Mode
from banish.core.match.page import Page
from banish.core.match.shapes import ShapeScanner
from banish.core.model import Hit, Instant, Lines, Note
from banish.core.rules import Program


@dataclass(slots=True)
class Findings:
    """What a block held: failures in the order of the lines, and what the operator should know."""

    hits: list[Hit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Scanner:
    """All jails of a program, each with what it has learned from the lines so far."""

    def __init__(
        self,
        program: Program,
        mode: Mode | None = None,
        skip: frozenset[Expression] = frozenset(),
        watch: Watch | None = None,
        *,
        tells_all: bool = True,
    ) -> None:
        """With a `mode` every block is judged by it; without, each block says whether it is live.

        Expressions in `skip` match nothing. `watch` is told of each one before it is tried; nothing is fast then.
        Without `tells_all` hits have fields only in jails that use them.
        """
        self._mode = mode
        self._jails: dict[str, JailScanner] = {}
        for rules in program:
            tells = tells_all or bool(rules.jail.ignorecommand)
            fast = ShapeScanner(rules, skip, tells_fields=tells) if watch is None else None
            usable = fast if fast is not None and fast.is_usable else None
            self._jails[rules.jail.name] = usable or JailScanner(rules, skip, watch, tells_fields=tells)

    def scan(self, lines: Lines, jails: Iterable[str], now: Instant) -> Findings:
        """Hold every line of a block against the rules of `jails`; hits are in the order of lines, then of jails."""
        findings, page = Findings(), Page(lines.block)
        mode = self._mode or (Mode.LIVE if lines.live else Mode.BACKLOG)
        for name in jails:
            findings.hits += self._jails[name].scan_page(page, mode, now, findings.notes)
        findings.hits.sort(key=_number)
        return findings

    def date_of(self, raw: bytes, jail: str, now: Instant) -> Instant | None:
        """Return the date of a line by a jail's patterns, without learning from it."""
        return self._jails[jail].probe(raw, now)


def _number(hit: Hit) -> int:
    return hit.line
