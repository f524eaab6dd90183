"""Find every mistake in the configuration, and say what it comes to.

Without -c the configuration is read from /etc/banish, else from /etc/fail2ban, on top of the defaults.
Exit status 0 if nothing is wrong, 1 if something keeps a jail from running.
"""

from __future__ import annotations

import argparse
from glob import glob

from banish.core.config import JailConfig, LogPath, Problem, Scope
from banish.core.plain import Json
from banish.core.spans import spell
from banish.daemon.configuration import Loaded, load
from banish.faces.cli.show import counted, json_out


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with jail.conf or jail.local")


def run(arguments: argparse.Namespace) -> int:
    """Read, compile, print."""
    loaded = load(arguments.config)
    if arguments.json:
        json_out(_as_json(loaded))
    else:
        _print(loaded)
    return 1 if loaded.errors else 0


def _as_json(loaded: Loaded) -> Json:
    return {
        "configuration": loaded.directory,
        "jails": [_jail_json(rules.jail) for rules in loaded.program],
        "problems": [_problem_json(problem) for problem in loaded.problems],
        "errors": len(loaded.errors),
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


def _print(loaded: Loaded) -> None:
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


def _summary(jail: JailConfig) -> str:
    """Say in one sentence what a jail does."""
    reads = ", ".join(_reading(path) for path in jail.logpaths) or "nothing (no logpath)"
    cuts = ", ".join(_scope(scope) for scope in jail.scopes)
    return (
        f"reads {reads}; {counted(jail.maxretry, 'failure')} in {spell(jail.findtime)} "
        f"ban for {spell(jail.bantime)}; " + (f"cuts {cuts}" if cuts else "bans are not enforced")
    )


def _reading(path: LogPath) -> str:
    return path.pattern if glob(path.pattern) else f"{path.pattern} (not there yet)"  # noqa: PTH207 - absolute patterns


def _files(jail: JailConfig) -> list[str]:
    return sorted({file for path in jail.logpaths for file in glob(path.pattern)})  # noqa: PTH207 - absolute patterns


def _scope(scope: Scope) -> str:
    ports = ",".join(str(low) if low == high else f"{low}-{high}" for low, high in scope.ports)
    protocol = "all protocols" if scope.protocol == "all" else scope.protocol
    return f"{protocol} {ports}" if ports else f"{protocol}, all ports"
