"""Show which lines of a log a filter matches, and whom it blames.

  banish try /var/log/auth.log sshd
  banish try /var/log/auth.log 'sshd[mode=aggressive]' dropbear
  banish try access.log 'web[code=404]' --json

FILTER is the name of a filter, with arguments in brackets if it has some, or the path of its file. With
--json there is one object for each matching line: line (from 1), filter, regex (from 1, as the filter lists
them), id, time (seconds since 1970, null without a date), text, fields. Names of hosts are not resolved.
Exit status 0 if a line matches, 1 if none does.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from banish.core.errors import ConfigError
from banish.core.match import Mode, Scanner
from banish.core.model import Hit, Instant
from banish.core.plain import Json
from banish.daemon.configuration import Loaded, load_filters
from banish.faces.cli.logfile import blocks
from banish.faces.cli.show import clean, epoch, json_out, warn

_FILE = re.compile(r"(?:filter\.d/)?(.*?)(?:\.conf|\.local)?(\[.*)?", re.DOTALL)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with filter.d")
    parser.add_argument("log", metavar="LOG", help="log file, or - for standard input")
    parser.add_argument("filter", metavar="FILTER", nargs="+", help="name[argument=value, …] of a filter")


def run(arguments: argparse.Namespace) -> int:
    """Read, match, print."""
    calls = {str(number): _call(text) for number, text in enumerate(arguments.filter)}
    names = {number: call.partition("[")[0].rpartition("/")[2] for number, call in calls.items()}
    loaded = load_filters(arguments.config, calls)
    _complain(loaded)
    counts: Counter[str] = Counter()
    total, now = 0, Instant(time.time())
    for number, text, hits in _lines(arguments.log, loaded, now):
        total = number
        for hit in hits:
            counts[hit.jail] += 1
            if arguments.json:
                json_out(_as_json(number, text, hit, names[hit.jail], now))
            else:
                who = f"{hit.subject} ?" if hit.is_name else hit.subject
                print(f"{number}: {names[hit.jail]} #{hit.rule + 1} {clean(who)}  {clean(text)}")
    for jail, name in names.items():
        if not arguments.json:
            print(f"{name}: {counts[jail]} of {total} lines match")
    return 0 if counts else 1


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


def _lines(log: str, loaded: Loaded, now: Instant) -> Iterator[tuple[int, str, list[Hit]]]:
    """Yield every line with its number from 1, its text and its failures."""
    scanner = Scanner(loaded.program, Mode.TRIAL)
    jails = [rules.jail.name for rules in loaded.program]
    encoding, before = loaded.program.jails[0].encoding, 0
    for lines in blocks(log):
        hits = scanner.scan(lines, jails, now).hits
        texts = lines.block[:-1].split(b"\n")
        found = iter([*hits, None])
        hit = next(found)
        for index, raw in enumerate(texts):
            here: list[Hit] = []
            while hit is not None and hit.line == index:
                here.append(hit)
                hit = next(found)
            yield before + index + 1, raw.rstrip(b"\r").decode(encoding, "replace") if here else "", here
        before += len(texts)


def _as_json(number: int, text: str, hit: Hit, name: str, now: Instant) -> Json:
    fields: dict[str, Json] = {
        key: list(value) if isinstance(value, tuple) else value for key, value in hit.fields.items()
    }
    if len(hit.lines) > 1:
        fields["matches"] = list(hit.lines)
    return {
        "line": number,
        "filter": name,
        "regex": hit.rule + 1,
        "id": hit.subject,
        "time": None if hit.at == now else epoch(hit.at),  # now is what a line without a date gets
        "text": text,
        "fields": fields,
    }
