"""The command `fail2ban-regex`: try expressions, filters and jails on a log, and report what they match."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from banish.core.dates import Standing
from banish.core.errors import BanishError
from banish.core.model import Instant
from banish.core.rules import JailRules
from banish.core.sessions import Verdict
from banish.core.trial import Reading, Trial
from banish.faces.fail2ban import opening
from banish.faces.fail2ban.failures import Failure, failures
from banish.faces.fail2ban.ink import Ink
from banish.faces.fail2ban.names import Names, log
from banish.faces.fail2ban.naming import Named, resolve
from banish.faces.fail2ban.options import Options, parse
from banish.faces.fail2ban.output import printer
from banish.faces.fail2ban.report import Report
from banish.faces.fail2ban.rules import changed, compiled, encoding, has_maxlines, jail_of
from banish.faces.fail2ban.source import Log, is_journal, source
from banish.faces.fail2ban.tally import FEW, Kind, Tally
from banish.faces.fail2ban.trouble import CollapseError

DONE: Final = 0
FAILED: Final = 255


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # arguments may hold any bytes
    ink = Ink.of(sys.stdout)
    try:
        _run(parse(words), ink)
        sys.stdout.flush()
    except BanishError as error:
        stream = sys.stderr if isinstance(error, CollapseError) else sys.stdout
        ink = Ink.of(stream)
        sys.stdout.flush()
        print(f"{ink.bad('ERROR')}: {ink.clean(str(error))}", file=stream)
        return FAILED
    except BrokenPipeError:  # the reader, head perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return FAILED
    return DONE


def _run(options: Options, ink: Ink) -> None:
    if not options.out:
        _say(opening.title(), ink)
    backend = "systemd" if is_journal(options.log) else "auto"
    named = resolve(options.regex, options.config)
    if options.out:
        rules = compiled(changed(jail_of(named, backend), options))
        _print(options, rules, source(options.log, _matches(options, rules)), ink)
        return
    rules = _opened(options, named, backend, ink)
    matches = _matches(options, rules)
    lines = source(options.log, matches)
    _say(opening.log_lines(lines, options.encoding or encoding(), matches), ink)
    _report(options, rules, lines, ink)


def _say(lines: Iterable[str], ink: Ink) -> None:
    for line in lines:
        print(ink.clean(line))


def _opened(options: Options, named: Named, backend: str, ink: Ink) -> JailRules:
    """Read the rules and say what is used; an error stands below what causes it."""
    try:
        rules = compiled(changed(jail_of(named, backend), options))
    except BanishError:
        _say(opening.named_lines(named), ink)
        _say(opening.ignore_line(options), ink)
        raise
    told, read = opening.rule_lines(options, rules, maxlines=has_maxlines(named))
    _say(told, ink)
    _say(opening.named_lines(named), ink)
    if options.verbosity > 1:
        _say(opening.real_line(named, backend), ink)
    _say(read, ink)
    _say(opening.ignore_line(options), ink)
    return rules


def _matches(options: Options, rules: JailRules) -> tuple[str, ...]:
    return (options.journalmatch,) if options.journalmatch else rules.jail.journalmatch


def _found(reading: Reading, names: Names) -> list[Failure]:
    return [failure for finding in reading.findings for failure in failures(finding, names)]


def _print(options: Options, rules: JailRules, lines: Log, ink: Ink) -> None:
    """Print the failures in the format that is asked for, or the other lines, and nothing else."""
    trial, names = Trial(rules, every=False), Names(partial(log, level=options.loglevel))
    now = Instant(time.time())
    show = printer(options.out, rules.jail, now)
    for reading in lines.readings(trial, now):
        found = [each for each in _found(reading, names) if each.verdict is Verdict.FAILURE]
        if options.invert:
            _say([] if found else [reading.line.whole], ink)
        else:
            _say((text for failure in found for text in show(failure)), ink)


def _report(options: Options, rules: JailRules, lines: Log, ink: Ink) -> None:
    """Try all lines, then report."""
    trial, names = Trial(rules, every=options.check_all), Names(partial(log, level=options.loglevel))
    tally = Tally(
        Kind(None if options.all_matched else 0),
        Kind(None if options.all_ignored else FEW),
        Kind(None if options.all_missed else FEW),
        maxlines=rules.jail.maxlines,
        marks=options.verbosity > 0,
    )
    start, now = time.perf_counter(), Instant(time.time())
    for reading in lines.readings(trial, now):
        tally.add(reading, _found(reading, names))
    tally.close()
    standings: Sequence[Standing] | None = None if is_journal(options.log) else trial.standings()
    seconds = time.perf_counter() - start
    for line in Report(options, rules.jail, tally, standings, seconds, now).lines(ink):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
