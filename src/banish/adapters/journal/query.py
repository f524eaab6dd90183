"""What is asked of the journal: the words that journalctl gets. Source: journalctl(1)."""

from __future__ import annotations

import glob
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from banish.core.errors import ConfigError

_SEPARATORS: Final = re.compile(r"[\s,]+")
_SYSTEM_ONLY, _CURRENT_USER = 4, 8  # sd_journal_open(3), as a configuration's journalflags


class Query(NamedTuple):
    """The words journalctl gets."""

    words: tuple[str, ...]


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


def _paths(text: str) -> Iterator[str]:
    for pattern in filter(None, _SEPARATORS.split(text)):
        yield from sorted(glob.glob(pattern)) or [pattern]  # noqa: PTH207 - patterns may be absolute


def _alternatives(matches: tuple[str, ...]) -> Iterator[str]:
    for number, match in enumerate(matches):
        yield from ["+", *terms(match)] if number else terms(match)
