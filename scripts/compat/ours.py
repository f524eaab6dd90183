"""Banish's verdict, by the ways of `banish try`."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from banish.adapters.localzone import SystemZone
from banish.core.config import Config
from banish.core.identity import Identity
from banish.core.match import Mode, Scanner, shapes
from banish.core.model import FOREVER, Cursor, Instant, Lines
from banish.core.rules import Calendar, JailRules, Program, compile_config
from banish.core.sessions import Verdict
from banish.core.trial import Trial
from banish.daemon.configuration import load_filters
from compat.case import NOW, YEAR, Case
from compat.rows import Outcome, Row, ours

shapes.AT_ONCE = 1  # so that the few lines of a case go the way of many

_JAIL: Final = "0"
_NOW: Final = Instant(NOW)


class Ours:
    """Banish; the zone of this process must be the one of the cases."""

    def __init__(self, stock: Path) -> None:
        self._stock = stock

    def judge(self, case: Case, *, by_real_clock: bool = False) -> Outcome:
        """Return what it makes of a case, as `banish try` does or, for its clock, as fail2ban-regex does."""
        with case.unpacked(self._stock) as (tree, _):
            rules, refused = _rules(tree, case)
        if rules is None:
            return Outcome(refused=refused)
        rows = _by_real_clock(rules, case) if by_real_clock else _scanned(rules, case, Mode.TRIAL)
        return Outcome(tuple(row if case.is_joined else row._replace(lines=()) for row in rows))


def _rules(tree: Path, case: Case) -> tuple[JailRules | None, str]:
    name, bracket, arguments = case.call.rstrip("]").partition("[")
    given = [arguments] if bracket else []
    call = f"{name}[{', '.join([*given, f'usedns={case.usedns}'])}]"
    loaded = load_filters(str(tree), {_JAIL: call})
    if not loaded.config.jails:
        return None, "\n".join(str(problem) for problem in loaded.problems)
    jail = replace(loaded.config.jails[0], findtime=FOREVER, logtimezone=case.timezone)
    if case.datepattern:
        jail = replace(jail, datepatterns=(case.datepattern,))
    program, problems = compile_config(Config((jail,)), Calendar(SystemZone(), YEAR), case.encoding)
    for rules in program:
        return rules, ""
    return None, "\n".join(str(problem) for problem in problems)


def _scanned(rules: JailRules, case: Case, mode: Mode) -> Iterator[Row]:
    scanner = Scanner(Program(Config((rules.jail,)), (rules,)), mode)
    lines = Lines("log", case.log, Cursor("log", ""), live=False)
    for hit in scanner.scan(lines, [_JAIL], _NOW).hits:
        for subject in _subjects(Identity(hit.subject, hit.is_name)):
            yield ours(subject, hit.at, hit.fields, hit.lines, is_raw=case.usedns == "raw")


def _by_real_clock(rules: JailRules, case: Case) -> Sequence[Row]:
    """Return what a trial says, or the scanner if that says something else where dates are known."""
    rows = list(_tried(rules, case))
    scanned = [row for row in _scanned(rules, case, Mode.BACKLOG) if row.at is not None]
    return rows if scanned == [row for row in rows if row.at is not None] else scanned


def _tried(rules: JailRules, case: Case) -> Iterator[Row]:
    trial = Trial(rules, every=False)
    for raw in case.lines:
        for finding in trial.read(trial.decode(raw.rstrip(b"\r\n")), _NOW).findings:
            if finding.told.verdict is Verdict.FAILURE and finding.who is not None:
                lines = [line.whole for line in finding.told.lines]
                for subject in _subjects(finding.who):
                    yield ours(subject, finding.at, finding.told.fields, lines, is_raw=case.usedns == "raw")


def _subjects(who: Identity) -> list[str]:
    """Return who it is; a name has the addresses that it has without being looked up: `1` is `0.0.0.1`."""
    if not who.is_name:
        return [who.subject]
    try:
        found = socket.getaddrinfo(who.subject, None, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]
