"""Show which lines of a log a filter matches, whom it blames, and what it misses.

  banish try /var/log/auth.log sshd
  banish try /var/log/auth.log 'sshd[mode=aggressive]' dropbear
  banish try access.log 'web[code=404]' --json
  banish try --explain 'Dec 10 06:55:48 host sshd[7]: Failed password for …' sshd
  banish try --explain 29 /var/log/auth.log sshd

FILTER is the name of a filter, with arguments in brackets if it has some, or the path of its file.
Lines that are no failure are counted by their shape: what varies from line to line has a placeholder.
--explain tells how one line is judged, step by step. The line is given as it stands in the log, or by its
number in LOG; lines before it are then read, too, as they may be of the same connection.
With --json there is one object for each matching line: line (from 1), filter, regex (from 1, as the filter
lists them), id, time (seconds since 1970, null without a date), text, fields; with --explain there is one
for each filter. Names of hosts are not resolved.
Exit status 0 if a line matches, 1 if none does.
"""

from __future__ import annotations

import argparse
import io
import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from banish.core.errors import ConfigError
from banish.core.model import Hit, Instant, Lines
from banish.core.plain import Json
from banish.daemon.configuration import Loaded, load_filters
from banish.faces.cli.explained import explain_line
from banish.faces.cli.logfile import blocks
from banish.faces.cli.page import Page
from banish.faces.cli.progress import Progress
from banish.faces.cli.show import clean, counted, epoch, json_out, warn
from banish.faces.cli.tally import Matches, Misses
from banish.faces.cli.tryout import Row, Total, judgements, matches

MATCHES: Final = 3
MISSES: Final = 10

_FILE = re.compile(r"(?:filter\.d/)?(.*?)(?:\.conf|\.local)?(\[.*)?", re.DOTALL)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.usage = (
        "banish try [OPTION]... LOG FILTER...\n"
        "       banish try [OPTION]... --explain LINE FILTER...\n"
        "       banish try [OPTION]... --explain NUMBER LOG FILTER..."
    )
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with filter.d")
    parser.add_argument("--explain", metavar="LINE", help="tell how this line is judged, step by step")
    parser.add_argument(
        "--matches",
        metavar="N",
        type=_limit,
        default=MATCHES,
        help=f"how many lines to print of each expression that matches, or all (default: {MATCHES})",
    )
    parser.add_argument(
        "--misses",
        metavar="N",
        type=_limit,
        default=MISSES,
        help="how many shapes of lines to print that do not match, or all; "
        f"0 leaves them out, which is quicker (default: {MISSES})",
    )
    parser.add_argument("words", metavar="LOG FILTER", nargs="+", help=_WORDS)


_WORDS: Final = "log file, or - for standard input; name[argument=value, …] of a filter"


def _limit(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is no number; write for instance 20, or all')
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Read, match, print."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # arguments and logs may hold any bytes
    log, filters = _operands(arguments)
    calls = {str(number): _call(text) for number, text in enumerate(filters)}
    names = {number: call.partition("[")[0].rpartition("/")[2] for number, call in calls.items()}
    loaded = load_filters(arguments.config, calls)
    _complain(loaded)
    now = Instant(time.time())
    if arguments.explain is not None:
        return explain_line(arguments.explain, log, loaded.program, names, now, is_json=arguments.json)
    progress = Progress.of(log, is_json=arguments.json)
    read = progress.watch(blocks(log)) if progress else blocks(log)
    if arguments.json:
        return _print_json(matches(loaded.program, read, now, Total()), names, now)
    return _Report(arguments, loaded, names, progress).print(log, read, now)


def _operands(arguments: argparse.Namespace) -> tuple[str, list[str]]:
    """Return the log, and the filters; a line that is explained needs a log only if it is a number."""
    words: list[str] = arguments.words
    if arguments.explain is not None and not arguments.explain.isdecimal():
        return "", words
    if len(words) == 1:
        raise ConfigError(f'"{words[0]}" stands alone; write a log and a filter, for instance auth.log sshd')
    return words[0], words[1:]


def _call(text: str) -> str:
    """Return a filter as a jail would name it: a path loses its extension, and `filter.d/` in front."""
    match = _FILE.fullmatch(text)
    if match is None or not match[1]:
        raise ConfigError(f'"{text}" names no filter; write for instance sshd or sshd[mode=aggressive]')
    path, bracket = match[1], match[2] or ""
    is_file = "/" in path and Path(f"{path}.conf").is_file()
    return f"{Path(path).resolve() if is_file else path}{bracket}"


def _complain(loaded: Loaded) -> None:
    """Stop at what keeps a filter from running; the jails around them are our own."""
    if loaded.errors:
        raise ConfigError("\n".join(str(problem) for problem in loaded.errors))
    for rules in loaded.program:
        if not rules.failures:
            warn(f"{rules.jail.filter}: has no failregex, so nothing can match")


def _print_json(rows: Iterator[Row], names: Mapping[str, str], now: Instant) -> int:
    status = 1
    for row in rows:
        for hit in row.hits:
            status = 0
            json_out(_as_json(row, hit, names[hit.jail], now))
    return status


def _as_json(row: Row, hit: Hit, name: str, now: Instant) -> Json:
    fields: dict[str, Json] = {
        key: list(value) if isinstance(value, tuple) else value for key, value in hit.fields.items()
    }
    if len(hit.lines) > 1:
        fields["matches"] = list(hit.lines)
    return {
        "line": row.number,
        "filter": name,
        "regex": hit.rule + 1,
        "id": hit.subject,
        "time": None if hit.at == now else epoch(hit.at),  # now is what a line without a date gets
        "text": row.text,
        "fields": fields,
    }


class _Report:
    """What a person reads: some matching lines as they come, then counts, then what is missed."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        loaded: Loaded,
        names: Mapping[str, str],
        progress: Progress | None,
    ) -> None:
        self._arguments = arguments
        self._program = loaded.program
        self._names = names
        self._progress = progress
        self._page = Page()
        self._matches = Matches(names)
        self._misses = Misses()

    def print(self, log: str, read: Iterator[Lines], now: Instant) -> int:
        """Read all and print; return the exit status."""
        total = Total()
        judge = judgements if self._arguments.misses != 0 else matches
        for row in judge(self._program, read, now, total):
            for hit in row.hits:
                self._match(row, hit)
            if not row.hits:
                self._misses.add(row)
        if self._matches:
            print()
        for rules in self._program:
            for line in self._matches.lines(rules, total.lines, self._page):
                print(line)
        for line in self._misses.lines(self._arguments.misses, self._page):
            print(line)
        self._say_more(log, total)
        return 0 if self._matches else 1

    def _match(self, row: Row, hit: Hit) -> None:
        count, most = self._matches.add(row.number, hit), self._arguments.matches
        if most is not None and count > most:
            return
        if self._progress:
            self._progress.clear()
        who = f"{hit.subject} ?" if hit.is_name else hit.subject
        head = f"{row.number}: {self._names[hit.jail]} #{hit.rule + 1} {clean(who)}  "
        print(head + self._page.cut(row.text, len(head)))

    def _say_more(self, log: str, total: Total) -> None:
        """Tell of lines without a date, and how to learn more of a line."""
        knows_none = any("{NONE}" in text for rules in self._program for text in rules.jail.datepatterns)
        if total.undated and not knows_none:
            lines = f"{counted(total.undated, 'line')}, the first is line {total.first_undated}"
            print(f"\nno date is found in {lines}; each has the time of the line before")
        number = self._misses.first()
        if number is not None and log != "-":
            config = ["-c", self._arguments.config] if self._arguments.config else []
            words = ["banish", "try", *config, "--explain", str(number), *self._arguments.words]
            print(f"\nwhy line {number} does not match: {shlex.join(words)}")
