"""The journal as a log: what journalctl prints becomes lines with known dates.

Only this module knows journalctl. Source: journalctl(1), systemd.journal-fields(7).
"""

from __future__ import annotations

import glob
import json
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.core.window import Line

_SEPARATORS: Final = re.compile(r"[\s,]+")
_SYSTEM_ONLY, _CURRENT_USER = 4, 8  # sd_journal_open(3), as a configuration's journalflags


class Query(NamedTuple):
    """The words journalctl gets."""

    words: tuple[str, ...]


class Entry(NamedTuple):
    """One entry as a line, and its time."""

    line: Line
    at: Instant


def query(options: Mapping[str, str], matches: tuple[str, ...]) -> Query:
    """Translate the options of the systemd backend; several matches are alternatives."""
    words = [f"--file={path}" for path in _paths(options.get("journalfiles", ""))]
    if path := options.get("journalpath"):
        words.append(f"--directory={path}")
    if name := options.get("namespace"):
        words.append(f"--namespace={name}")
    flags = options.get("journalflags", "0")
    if not flags.isdecimal():
        raise ConfigError(f'journalflags = "{flags}": not a whole number; write digits only')
    words += ["--system"] * bool(int(flags) & _SYSTEM_ONLY) + ["--user"] * bool(int(flags) & _CURRENT_USER)
    return Query((*words, *_alternatives(matches)))


def terms(match: str) -> list[str]:
    """Split a match into its terms."""
    try:
        return shlex.split(match)
    except ValueError as error:
        raise ConfigError(f'journalmatch = "{match}": {error}; close the quotes') from error


def entries(wanted: Query) -> Iterator[Entry]:
    """Read the entries, oldest first; `ConfigError` if they cannot be read, and journalctl says why."""
    command = ["journalctl", "--no-pager", "--quiet", "--all", "--output=json", *wanted.words]
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for line in process.stdout or ():
                yield _entry(json.loads(line))
    except OSError as error:
        raise ConfigError(f"the journal cannot be read without journalctl: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"journalctl prints what is no entry of a journal: {error}") from error
    if process.returncode:
        raise ConfigError(f"the journal cannot be read: journalctl ends with status {process.returncode}")


def _paths(text: str) -> Iterator[str]:
    for pattern in filter(None, _SEPARATORS.split(text)):
        yield from sorted(glob.glob(pattern)) or [pattern]  # noqa: PTH207 - patterns may be absolute


def _alternatives(matches: tuple[str, ...]) -> Iterator[str]:
    for number, match in enumerate(matches):
        yield from ["+", *terms(match)] if number else terms(match)


def _entry(fields: Mapping[str, object]) -> Entry:
    """Make a line of an entry as syslog would write it; the fields are described in fail2ban's backend."""

    def text(*names: str) -> str:
        return next((found for name in names if (found := _text(fields.get(name)))), "")

    name = text("SYSLOG_IDENTIFIER", "_COMM")
    number = text("SYSLOG_PID", "_PID") if name else ""
    tag = f"{name}[{number}]:" if number else f"{name}:" if name else ""
    if tag == "kernel:":
        tag += f" [{int(text('__MONOTONIC_TIMESTAMP') or 0) / 1_000_000:12.6f}]"
    at = Instant(int(text("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP") or 0) / 1_000_000)
    message = text("MESSAGE").replace("\n", "\\n")
    words = " ".join(filter(None, (text("_HOSTNAME"), tag, message)))
    return Entry(Line("", f"{datetime.fromtimestamp(at).isoformat()} ", words), at)  # noqa: DTZ006 - local


def _text(value: object) -> str:
    """Return the text of a field: a string, bytes as a list of numbers, or several of these."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    if value and all(isinstance(part, int) for part in value):
        return bytes(value).decode("utf-8", "replace")
    return " ".join(map(_text, value))
