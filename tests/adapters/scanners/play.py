"""A scanner of a few lines whose every step can be told, and a pool of processes that is always closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Self

from banish.adapters.scanners.child import Scans
from banish.adapters.scanners.pool import ScannerPool
from banish.core.config import Config, JailConfig, Rule
from banish.core.expression import Expression, Watch
from banish.core.match import Findings, Scanner
from banish.core.model import Cursor, Instant, Lines
from banish.core.rules import Calendar, Program, compile_config

SOON = 20  # seconds after which a test that waits has failed
NOW = Instant(1000)
SESSION_REGEXES = (
    r"^(?P<mlfid>\w+) (?P<nofail>from) (?P<ip4>\d+\.\d+\.\d+\.\d+)$",
    r"^(?P<mlfid>\w+) failed$",
)
ADDRESS = r"(?P<ip4>\d+\.\d+\.\d+\.\d+)"
EXPLODES = rf"^(?:a+)+b {ADDRESS}"
TRAP = "a" * 40 + "!"  # for ever, with the expression above


def jail(name: str, *regexes: str, maxlines: int = 1) -> JailConfig:
    rules = tuple(Rule(regex, regex, "/etc/x.conf", line) for line, regex in enumerate(regexes, 7))
    return JailConfig(name, failregex=rules, datepatterns=("{NONE}",), maxlines=maxlines)


def compiled(*jails: JailConfig) -> Program:
    program, problems = compile_config(Config(jails), Calendar(UTC, 2026))
    assert () == problems
    return program


def block(*texts: str, source: str = "log") -> Lines:
    data = "".join(text + "\n" for text in texts).encode()
    return Lines(source, data, Cursor(source, "1"), live=True)


def subjects(findings: Findings) -> list[str]:
    return [hit.subject for hit in findings.hits]


def watched(program: Program) -> Callable[[frozenset[Expression], Watch | None], Scans]:
    def make(skip: frozenset[Expression], watch: Watch | None) -> Scans:
        return Scanner(program, skip=skip, watch=watch)

    return make


@dataclass(slots=True)
class Pool:
    """A pool of real processes, and what it has told."""

    program: Program
    make: Callable[[frozenset[Expression], Watch | None], Scans] | None = None
    most: int = 2
    told: list[str] = field(default_factory=list)
    pool: ScannerPool = field(init=False)

    async def __aenter__(self) -> Self:
        self.pool = ScannerPool(self.program, self.make or watched(self.program), self.most, self.told.append)
        await self.pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.pool.close()

    async def scan(self, lines: Lines, *jails: str) -> Findings:
        names = jails or tuple(rules.jail.name for rules in self.program)
        return await asyncio.wait_for(self.pool.scan(lines, names, NOW), SOON)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(_awaited(story), SOON * 2))


async def _awaited(story: Callable[[], Awaitable[None]]) -> None:
    await story()
