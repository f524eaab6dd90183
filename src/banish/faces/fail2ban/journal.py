"""The journal as a log: what journalctl prints becomes lines with known dates."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from banish.adapters.journal.entry import text_of, time_of
from banish.adapters.journal.query import COMMAND, Query
from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.core.window import Line


class Entry(NamedTuple):
    """One entry as a line, and its time."""

    line: Line
    at: Instant


def entries(wanted: Query) -> Iterator[Entry]:
    """Read the entries, oldest first; `ConfigError` if they cannot be read, and journalctl says why."""
    command = [*COMMAND, *wanted.words]
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


def _entry(fields: Mapping[str, object]) -> Entry:
    """Make a line of an entry as syslog would write it; the fields are described in fail2ban's backend."""
    at = time_of(fields)
    return Entry(Line("", f"{datetime.fromtimestamp(at).isoformat()} ", text_of(fields)), at)  # noqa: DTZ006 - local
