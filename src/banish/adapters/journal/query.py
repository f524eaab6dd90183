"""What is asked of the journal: the words that journalctl gets. Source: journalctl(1)."""

from __future__ import annotations

import glob
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from banish.core.errors import ConfigError

COMMAND: Final = ("journalctl", "--no-pager", "--quiet", "--all", "--output=json")
"""How it is asked: for all there is, entry by entry."""

_SEPARATORS: Final = re.compile(r"[\s,]+")
_THEIR_UNIT, _OUR_UNIT = "_SYSTEMD_UNIT=fail2ban.service", "_SYSTEMD_UNIT=banish.service"
_SYSTEM_ONLY, _CURRENT_USER = 4, 8  # sd_journal_open(3), as a configuration's journalflags


class Query(NamedTuple):
    """Where to look, in words of journalctl, and what for: matches that are alternatives."""

    places: tuple[str, ...] = ()
    matches: tuple[tuple[str, ...], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that say it."""
        return (*self.places, *_joined(self.matches))

    def asked(self, machine: str) -> tuple[str, ...]:
        """Return the words journalctl gets on the machine with this id.

        Asked for all journals, it does not stop at the last start of the machine (it does where it follows a
        single one, and finds nothing if it cannot tell which start that was); so the journals of other
        machines, which may be collected here, are left out by a match.
        """
        if any(word.startswith(("--file=", "--directory=")) for word in self.places) or not machine:
            return ("--merge", *self.words)
        own = f"_MACHINE_ID={machine}"
        return ("--merge", *self.places, *_joined((*_ours(match), own) for match in self.matches or ((),)))


def machine_id(path: Path = Path("/etc/machine-id")) -> str:
    """Return the id of this machine, as the journal has it; empty if it has none. Source: machine-id(5)."""
    try:
        return path.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


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
    return Query(
        tuple(words), tuple(alternative for match in matches for alternative in _split(terms(match)))
    )


def terms(match: str) -> list[str]:
    """Split a match into its terms."""
    try:
        return shlex.split(match)
    except ValueError as error:
        raise ConfigError(f'journalmatch = "{match}": {error}; close the quotes') from error


def _paths(text: str) -> Iterator[str]:
    for pattern in filter(None, _SEPARATORS.split(text)):
        yield from sorted(glob.glob(pattern)) or [pattern]  # noqa: PTH207 - patterns may be absolute


def _split(words: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the alternatives between which a `+` stands."""
    for is_border, some in groupby(words, lambda word: word == "+"):
        if not is_border:
            yield tuple(some)


def _ours(match: Iterable[str]) -> Iterator[str]:
    """Yield the terms, and ours beside those that mean the original; terms of one field are alternatives."""
    for term in match:
        yield from (term, _OUR_UNIT) if term == _THEIR_UNIT else (term,)


def _joined(matches: Iterable[Sequence[str]]) -> Iterator[str]:
    for number, match in enumerate(matches):
        yield from ("+", *match) if number else match
