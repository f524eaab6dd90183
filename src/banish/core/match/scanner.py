"""Scan blocks of log bytes for all jails that read a source: bytes in, hits out.

`Scanner.scan` takes whole blocks, so nothing outside depends on there being a call per line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from banish.core.expression import Expression, Watch
from banish.core.match.clear import JailScanner, Mode
from banish.core.match.page import Page
from banish.core.match.sieves import Sieves
from banish.core.match.sparse import SparseScanner
from banish.core.model import Hit, Instant, Lines, Note
from banish.core.rules import Program

_LARGE: Final = 32_768  # bytes
_HANDY: Final = 65_536  # bytes judged before the next are cut into lines: they stay in the processor's cache
_BEGINNING: Final = 8_192  # bytes of a large block by which a jail learns what the lines are like


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
        tells_lines: bool = True,
    ) -> None:
        """With a `mode` every block is judged by it; without, each block says whether it is live.

        Expressions in `skip` match nothing. `watch` is told of each before it is tried; nothing is fast then.
        Without `tells_all` hits have fields only in jails that use them, without `tells_lines` no lines.
        """
        self._mode = mode
        self._sieves = Sieves()
        self._begun: set[str] = set()
        self._jails: dict[str, JailScanner] = {}
        for rules in program:
            tells = tells_all or rules.jail.wants_fields
            if watch is None:
                self._jails[rules.jail.name] = SparseScanner(
                    rules, skip, tells_fields=tells, tells_lines=tells_lines
                )
            else:
                self._jails[rules.jail.name] = JailScanner(
                    rules, skip, watch, tells_fields=tells, tells_lines=tells_lines
                )

    def scan(self, lines: Lines, jails: Iterable[str], now: Instant) -> Findings:
        """Hold the lines of a block against the rules of `jails`; hits come by lines, then by jails."""
        names = list(jails)
        mode = self._mode or (Mode.LIVE if lines.live else Mode.BACKLOG)
        findings = Findings()
        beginning = Page(lines.block[: self._first(lines.block, names)])
        if beginning.block:
            self._scan(beginning, names, mode, now, findings)
        self._scan(Page(lines.block[len(beginning.block) :], beginning.count), names, mode, now, findings)
        return findings

    def _first(self, block: bytes, names: list[str]) -> int:
        """Return how much of a large block to look at first, to learn what its dates are like."""
        known = all(name in self._begun for name in names)
        self._begun.update(names)
        return 0 if known or len(block) < _LARGE else block.index(b"\n", _BEGINNING) + 1

    def _scan(self, page: Page, names: list[str], mode: Mode, now: Instant, findings: Findings) -> None:
        scanners = [self._jails[name] for name in names]
        some = self._sieves.lines(page, [each for each in scanners if isinstance(each, SparseScanner)])
        by_start: list[Hit] = []
        dense: list[JailScanner] = []
        for scanner in scanners:
            starts, found = some.get(scanner.jail.name), None
            if starts is not None and isinstance(scanner, SparseScanner):
                found = scanner.scan_lines(page, starts, mode, now, findings.notes)
            if found is not None:
                by_start += found
            else:
                dense.append(scanner)
        by_start.sort(key=_line)
        hits = [hit._replace(line=page.first + page.number_of(hit.line)) for hit in by_start]
        for part in page.parts(_HANDY) if dense else ():
            for scanner in dense:
                hits += scanner.scan_page(part, mode, now, findings.notes)
        if len(names) > 1:
            hits.sort(key=lambda hit: (hit.line, names.index(hit.jail)))
        findings.hits += hits

    def date_of(self, raw: bytes, jail: str, now: Instant) -> Instant | None:
        """Return the date of a line by a jail's patterns, without learning from it."""
        return self._jails[jail].probe(raw, now)


def _line(hit: Hit) -> int:
    return hit.line
