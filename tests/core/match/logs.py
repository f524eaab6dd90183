"""What tests of the matcher share: jails of a few lines, and logs for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from itertools import pairwise
from typing import Final

import pytest

from banish.core.config import Config, JailConfig, Rule
from banish.core.match import Findings, Mode, Scanner, page, scanner, sieve, sieves, strays
from banish.core.match.clear import JailScanner
from banish.core.match.sparse import SparseScanner
from banish.core.model import Cursor, Hit, Instant, Lines, Seconds
from banish.core.rules import Calendar, JailRules, Program, compile_config

NOON: Final = Instant(1767268800)  # 2026-01-01 12:00:00 UTC
IP4: Final = r"(?P<ip4>\d+\.\d+\.\d+\.\d+)"


def jail(
    *failures: str,
    name: str = "j",
    prefix: str = "",
    ignores: tuple[str, ...] = (),
    dates: tuple[str, ...] = (),
    maxlines: int = 1,
) -> JailConfig:
    return JailConfig(
        name,
        prefregex=Rule(prefix, prefix) if prefix else None,
        failregex=tuple(Rule(each, each) for each in failures),
        ignoreregex=tuple(Rule(each, each) for each in ignores),
        datepatterns=dates,
        maxlines=maxlines,
        findtime=Seconds(600),
    )


def program(*jails: JailConfig) -> Program:
    made, problems = compile_config(Config(jails), Calendar(UTC, 2026))
    assert () == problems
    return made


def rules(*failures: str, prefix: str = "", ignores: tuple[str, ...] = ()) -> JailRules:
    return program(jail(*failures, prefix=prefix, ignores=ignores)).jails[0]


def block(lines: Sequence[str | bytes], *, live: bool = False) -> Lines:
    raw = (line.encode() if isinstance(line, str) else line for line in lines)
    return Lines("log", b"".join(line + b"\n" for line in raw), Cursor("log", "0"), live)


def clear(made: Program, mode: Mode | None = None) -> Scanner:
    """Return the slow twin: every line goes the clear way."""
    scanner = Scanner(made, mode)
    scanner._jails = {each.jail.name: JailScanner(each) for each in made}
    return scanner


class Twins:
    """The fast and the clear scanner, side by side."""

    def __init__(self, made: Program, mode: Mode | None = Mode.REPLAY) -> None:
        self.fast, self.clear = Scanner(made, mode), clear(made, mode)
        self._names = [each.jail.name for each in made]

    def read(self, lines: Sequence[str | bytes], now: Instant = NOON, *, live: bool = False) -> list[Hit]:
        """Have both scan the lines, expect the same of both, and return it."""
        return self.read_block(block(lines, live=live), now).hits

    def read_block(self, lines: Lines, now: Instant) -> Findings:
        found = self.fast.scan(lines, self._names, now)
        expected = self.clear.scan(lines, self._names, now)
        assert expected.hits == found.hits
        return found

    def read_parts(self, lines: Sequence[str | bytes], *cuts: int) -> list[list[Hit]]:
        return [self.read(lines[start:end]) for start, end in pairwise((0, *cuts, len(lines)))]


def everything_is_large(patch: pytest.MonkeyPatch, *, share: int = 8) -> None:
    """Have small blocks treated as large ones; of `share` lines one may be special."""
    patch.setattr(page, "_LONG", 1)
    patch.setattr(sieves, "_WORTH", 1)
    patch.setattr(sieves, "_WORTH_A_SIEVE", 1)
    patch.setattr(scanner, "_LARGE", 400)
    patch.setattr(scanner, "_BEGINNING", 100)
    patch.setattr(sieve, "_ENOUGH", share)
    patch.setattr(strays, "_ODD_SHARE", share)


def judged_in_part(patch: pytest.MonkeyPatch) -> list[int]:
    """Count, from now on, the hits of pages of which only some lines were judged."""
    counts: list[int] = []
    scan = SparseScanner.scan_lines

    def counted(self: SparseScanner, *given: object) -> list[Hit] | None:
        hits = scan(self, *given)  # type: ignore[arg-type] # passed on as it is
        if hits is not None:
            counts.append(len(hits))
        return hits

    patch.setattr(SparseScanner, "scan_lines", counted)
    return counts
