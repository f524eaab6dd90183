"""Where the lines come from: a file, the command line itself, or the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from banish.adapters.journal.query import Query, query
from banish.compat.optionlist import parse
from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.core.trial import Reading, Trial
from banish.faces.cli.logfile import blocks
from banish.faces.fail2ban import journal
from banish.faces.fail2ban.naming import is_file

_JOURNAL: Final = "systemd-journal"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file; blank lines and those that begin with `#` are passed over."""

    path: str

    def readings(self, trial: Trial, now: Instant) -> Iterator[Reading]:
        """Try all lines."""
        for block in blocks(self.path):
            for raw in block.block[:-1].split(b"\n"):
                line = raw.rstrip(b"\r\n")
                if line and not line.startswith(b"#"):
                    yield trial.read(trial.decode(line), now)


@dataclass(frozen=True, slots=True)
class LogText:
    """Lines written on the command line."""

    text: str

    def readings(self, trial: Trial, now: Instant) -> Iterator[Reading]:
        """Try all lines."""
        for line in self.text.split("\n"):
            if (bare := line.rstrip("\r\n")) and not bare.startswith("#"):
                yield trial.read(bare, now)


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries of the journal that match."""

    query: Query

    def readings(self, trial: Trial, now: Instant) -> Iterator[Reading]:
        """Try all entries."""
        for entry in journal.entries(self.query):
            yield trial.read_entry(entry.line, entry.at, now)


Log: TypeAlias = "LogFile | LogText | Journal"


def source(word: str, matches: tuple[str, ...]) -> Log:
    """Find out what the word LOG is; `matches` say which entries of a journal are read."""
    if is_file(word):
        return LogFile(word)
    if not is_journal(word):
        return LogText(word)
    try:
        return Journal(query(parse(word).options, matches))
    except ConfigError as error:
        raise ConfigError(f"{word}: {error}") from error


def is_journal(word: str) -> bool:
    """Whether the word names the journal rather than a file or a line."""
    return word.partition("[")[0] == _JOURNAL and not is_file(word)
