"""Show whom a log would have got banned: the whole engine, on the log's own times.

  banish replay /var/log/auth.log
  banish replay --jail sshd /var/log/auth.log --json

Without --jail all enabled jails read the log; a jail that is named need not be enabled. Nobody is banned, no
name is resolved, nothing is remembered. With --json there is one object for each ban: jail, id, at and until
(seconds since 1970; null for good), failures.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterable, Iterator
from itertools import chain

from banish.core.engine import Engine
from banish.core.errors import ConfigError
from banish.core.match import Mode, Scanner
from banish.core.model import (
    NEVER,
    Answered,
    Ask,
    Ban,
    Effect,
    Hit,
    Instant,
    LookAround,
    Question,
    Resolve,
    Resolved,
    Save,
    Surroundings,
)
from banish.core.rules import Program
from banish.daemon.configuration import load
from banish.faces.cli.ahead import ahead
from banish.faces.cli.logfile import blocks
from banish.faces.cli.show import counted, epoch, json_out, moment, table, warn


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with jail.conf or jail.local")
    parser.add_argument("-j", "--jail", action="append", help="only this jail; may be given several times")
    parser.add_argument("log", metavar="LOG", help="log file, or - for standard input")


def run(arguments: argparse.Namespace) -> int:
    """Read, decide, print."""
    gc.disable()  # nothing here refers to itself, and looking for what does takes a tenth of the time
    wanted = arguments.jail or []
    loaded = load(arguments.config, wanted)
    names = [rules.jail.name for rules in loaded.program if not wanted or rules.jail.name in wanted]
    for problem in loaded.errors:
        if not wanted or problem.jail in {"", *wanted}:
            warn(str(problem))
    if missing := set(wanted) - set(names):
        raise ConfigError(f"no such jail, or it cannot run: {', '.join(sorted(missing))}")
    if not names:
        raise ConfigError(f"{loaded.directory}: no jail is enabled; name one with --jail")
    rehearsal = Rehearsal(loaded.program)
    bans = rehearsal.bans(ahead(_hits(arguments.log, loaded.program, names)))
    if arguments.json:
        for ban in bans:
            until = None if ban.until == NEVER else epoch(ban.until)
            at = epoch(ban.at)
            json_out(
                {"jail": ban.jail, "id": ban.subject, "at": at, "until": until, "failures": ban.failures}
            )
        return 0
    rows = [(ban.subject, ban.jail, moment(ban.at), moment(ban.until), ban.failures) for ban in bans]
    if rows:
        table(("address", "jail", "banned at", "until", "failures"), rows, right=[4])
    print(f"{counted(rehearsal.failures, 'failure')}, {counted(len(rows), 'ban')}")
    return 0


def _hits(log: str, program: Program, names: list[str]) -> Iterator[list[Hit]]:
    scanner = Scanner(program, Mode.REPLAY, tells_all=False, tells_lines=False)
    now = Instant(time.time())
    for lines in blocks(log):
        yield scanner.scan(lines, names, now).hits


class Rehearsal:
    """An engine without a world: every question is answered at once, and time is what the lines say."""

    def __init__(self, program: Program) -> None:
        self.failures = 0
        self._engine = Engine(draw=lambda: 0.0)
        self._now = Instant(0)
        self._banned: list[Ban] = []
        self._perform(self._engine.adopt(program, self._now))

    def bans(self, blocks: Iterable[list[Hit]]) -> Iterator[Ban]:
        """Yield the bans that the failures of these blocks lead to, as they happen."""
        hits = chain.from_iterable(self._counted(blocks))
        for now, effects in self._engine.rehearse(hits, self._now):
            self._now = now
            self._perform(effects)
            yield from self._banned
            self._banned.clear()

    def _counted(self, blocks: Iterable[list[Hit]]) -> Iterator[list[Hit]]:
        for hits in blocks:
            self.failures += len(hits)
            yield hits

    def _perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Save):
                self._banned += effect.bans
            elif isinstance(effect, Ask):
                self._answer(effect.question)

    def _answer(self, question: Question) -> None:
        if isinstance(question, LookAround):
            self._perform(self._engine.handle(Answered(question, Surroundings({})), self._now))
        elif isinstance(question, Resolve):
            self._perform(self._engine.handle(Answered(question, Resolved(())), self._now))
