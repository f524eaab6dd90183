"""Find every mistake in the configuration, and say what it comes to.

Without -c the configuration is read from /etc/banish, else from /etc/fail2ban, on top of the defaults.
Mistakes are errors. Warnings tell of what works otherwise than meant: expressions that an attacker can
mislead or keep busy (they are timed), or that never get their turn; paths without a log; settings that nobody
reads; exemptions that are lost.
Expressions are named that have no word to look for first: a busy log takes them longer.
Exit status 0 if nothing is wrong but warnings, 1 if something keeps a jail from running.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path
from typing import Final

from banish.compat.actions import actname, is_firewall
from banish.core.config import Action, JailConfig, LogPath, Problem, Scope, Severity
from banish.core.lint.inspection import expressions, findings, once, wordless
from banish.core.plain import Json
from banish.core.spans import spell
from banish.daemon.configuration import Loaded, load
from banish.faces.cli.show import counted, json_out
from banish.faces.cli.slowness import slowness

BUDGET_SECONDS: Final = 2.0
"""For timing expressions; a usual configuration needs a tenth of it."""

LONGEST_SECONDS: Final = 3600.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with jail.conf or jail.local")
    parser.add_argument(
        "--measure",
        metavar="SECONDS",
        type=_budget,
        default=BUDGET_SECONDS,
        help="how long to time expressions, all together; 0 to leave it out (default: %(default)g)",
    )


def _budget(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"from 0 to {LONGEST_SECONDS:g} seconds")
    return seconds


def run(arguments: argparse.Namespace) -> int:
    """Read, compile, look closely, print."""
    loaded = load(arguments.config)
    read = expressions(loaded.program)
    slow = slowness(read, arguments.measure)
    warnings = once((*findings(read), *slow.problems, *_unmatched(loaded)))
    loaded = replace(loaded, problems=(*loaded.problems, *warnings))
    untimed = slow.untimed if arguments.measure > 0 else 0
    if arguments.json:
        json_out(_as_json(loaded, untimed))
    else:
        _print(loaded, untimed)
    return 1 if loaded.errors else 0


def _unmatched(loaded: Loaded) -> Iterator[Problem]:
    """Yield patterns that match no file, and paths that cannot come to be, as there is no such directory."""
    for rules in loaded.program:
        for path in rules.jail.logpaths if not rules.jail.reads_journal else ():
            pattern = path.pattern
            if has_magic(pattern) and not _found(pattern):
                text = "no file matches this; correct the pattern, or disable the jail"
            elif not has_magic(pattern) and not Path(pattern).parent.is_dir():
                text = "there is no such directory; correct the path, or disable the jail"
            else:
                continue
            yield Problem(Severity.WARNING, text, path.file, path.line, rules.jail.name, "logpath", pattern)


def _as_json(loaded: Loaded, untimed: int) -> Json:
    return {
        "configuration": loaded.directory,
        "jails": [_jail_json(rules.jail) for rules in loaded.program],
        "problems": [_problem_json(problem) for problem in loaded.problems],
        "errors": len(loaded.errors),
        "untimed": untimed,
        "wordless": [
            {"jail": jail, "file": rule.file, "line": rule.line, "value": rule.text}
            for jail, rule in wordless(loaded.program)
        ],
    }


def _jail_json(jail: JailConfig) -> Json:
    return {
        "name": jail.name,
        "filter": jail.filter,
        "logpath": [path.pattern for path in jail.logpaths],
        "files": _files(jail),
        "maxretry": jail.maxretry,
        "findtime": jail.findtime,
        "bantime": jail.bantime if jail.bantime != float("inf") else -1,
        "cuts": [_scope(scope) for scope in jail.scopes],
        "runs": [script.name for script in jail.scripts],
        "guard": jail.guard,
    }


def _problem_json(problem: Problem) -> Json:
    return {
        "severity": problem.severity.value,
        "jail": problem.jail,
        "file": problem.file,
        "line": problem.line,
        "section": problem.section,
        "key": problem.key,
        "value": problem.value,
        "text": problem.text,
    }


def _print(loaded: Loaded, untimed: int) -> None:
    for problem in loaded.problems:
        print(f"{problem.severity.value}: {problem}")
    if loaded.problems:
        print()
    jails = loaded.program.jails
    errors, warnings = len(loaded.errors), len(loaded.problems) - len(loaded.errors)
    print(
        f"{loaded.directory}: {counted(len(jails), 'jail')} can run, "
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    )
    for rules in jails:
        print(f"  {rules.jail.name}: {_summary(rules.jail)}")
    if any(is_firewall(action.name) for rules in jails for action in _run(rules.jail)):
        print("a firewall of fail2ban's takes a command for every ban; banaction = native takes none")
    for jail, rule in wordless(loaded.program):
        where = f"{rule.file}:{rule.line}"
        print(f"{jail}: the failregex at {where} has no word to look for, so every line is tried")
    if untimed:
        print(f"{counted(untimed, 'expression')} not timed for want of time; --measure 60 gives a minute")


def _run(jail: JailConfig) -> list[Action]:
    """Return the actions of a jail that are run as written."""
    names = {script.name for script in jail.scripts}
    return [action for action in jail.actions if actname(action, jail.name) in names]


def _summary(jail: JailConfig) -> str:
    """Say in one sentence what a jail does."""
    reads = ", ".join(_reading(path) for path in jail.logpaths) or "nothing (no logpath)"
    return (
        f"reads {reads}; {counted(jail.maxretry, 'failure')} in {spell(jail.findtime)} "
        f"ban for {spell(jail.bantime)}; {_enforcing(jail)}"
    )


def _enforcing(jail: JailConfig) -> str:
    """Say what becomes of a ban."""
    cuts = ", ".join(_scope(scope) for scope in jail.scopes)
    runs = ", ".join(script.name for script in jail.scripts)
    what = [f"cuts {cuts}"] if cuts else []
    if runs:
        what.append(f"runs {runs}")
    return " and ".join(what) or "bans are not enforced"


def _reading(path: LogPath) -> str:
    return path.pattern if _found(path.pattern) else f"{path.pattern} (not there yet)"


def _files(jail: JailConfig) -> list[str]:
    return sorted({file for path in jail.logpaths for file in _found(path.pattern)})


def _found(pattern: str) -> list[str]:
    return glob(pattern)  # noqa: PTH207 - absolute patterns


def _scope(scope: Scope) -> str:
    ports = ",".join(str(low) if low == high else f"{low}-{high}" for low, high in scope.ports)
    protocol = "all protocols" if scope.protocol == "all" else scope.protocol
    return f"{protocol} {ports}" if ports else f"{protocol}, all ports"
