"""Random filters and logs, ready to run, without the real program: for comparing one matcher with another.

The same number gives the same case. Nothing here reads a file or the clock; zones are Greenwich.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from itertools import zip_longest
from typing import Final

from banish.compat.files import MemoryFiles
from banish.compat.jails import read
from banish.core.config import Config, JailConfig
from banish.core.model import FOREVER, Cursor, Instant, Lines
from banish.core.rules import Calendar, Program, compile_config
from compat import case, grammar
from compat.case import NAME, YEAR, Case

NOW: Final = Instant(case.NOW)
"""The time it is when the logs have been written; they go five minutes back."""


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield the cases from number `seed` on; a few have filters that are no good, as the fuzzer wants it."""
    return map(grammar.case, range(seed, seed + count))


def program(*cases: Case) -> Program:
    """Return the filters of these cases as jails called "0", "1" and so on; bad ones are left out.

    No line is too old for them.
    """
    files = {f"filter.d/{NAME}{number}.conf": case.definition for number, case in enumerate(cases)}
    files["jail.conf"] = "".join(
        f"[{number}]\nenabled = true\naction =\nfilter = {_call(number, case)}\n"
        for number, case in enumerate(cases)
    )
    jails = (_jail(jail, cases[int(jail.name)]) for jail in read(MemoryFiles(files), {}, "").config.jails)
    return compile_config(Config(tuple(jails)), Calendar(UTC, YEAR))[0]


def _call(number: int, case: Case) -> str:
    name, _, given = case.call.removesuffix("]").partition("[")
    arguments = ", ".join(filter(None, (given, f"usedns={case.usedns}")))
    return f"{name}{number}[{arguments}]".replace("%", "%%")


def _jail(jail: JailConfig, case: Case) -> JailConfig:
    patterns = (case.datepattern,) if case.datepattern else jail.datepatterns
    jail = replace(jail, logencoding=case.encoding, logtimezone=case.timezone)
    return replace(jail, datepatterns=patterns, findtime=FOREVER)


def names(program: Program) -> list[str]:
    """Return the names of the jails of a program."""
    return [rules.jail.name for rules in program]


def block(*cases: Case, live: bool = False) -> Lines:
    """Return the logs of these cases as one: a line of the first, one of the second, and so on."""
    rows = zip_longest(*(case.lines for case in cases))
    log = b"".join(line + b"\n" for row in rows for line in row if line is not None)
    return Lines("log", log, Cursor("log", ""), live=live)
