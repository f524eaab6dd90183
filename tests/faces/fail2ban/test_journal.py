"""The journal, as a stand-in for journalctl tells it: a script that prints what it was asked, and entries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from banish.adapters.journal.query import query
from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.faces.fail2ban.journal import Entry, entries

Journalctl = Callable[..., None]


@pytest.fixture
def journalctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journalctl:
    """Put a journalctl into the path that prints these lines."""

    def write(*lines: object, status: int = 0) -> None:
        text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
        (tmp_path / "entries").write_text(text)
        script = tmp_path / "journalctl"
        script.write_text(f"#!/bin/sh\n/bin/cat {tmp_path}/entries\nexit {status}\n")
        script.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return write


def read() -> list[Entry]:
    return list(entries(query({}, ())))


def test_an_entry_is_a_line_with_a_date(journalctl: Journalctl) -> None:
    journalctl(
        {
            "_HOSTNAME": "host",
            "SYSLOG_IDENTIFIER": "sshd",
            "_COMM": "other",
            "_PID": "12",
            "MESSAGE": "a\nb",
            "__REALTIME_TIMESTAMP": "1795168801500000",
        }
    )
    (entry,) = read()
    assert Instant(1795168801.5) == entry.at
    assert ("", "host sshd[12]: a\\nb") == (entry.line.before, entry.line.after)
    assert entry.line.date.endswith(":01.500000 ")


def test_an_entry_has_the_parts_that_are_known(journalctl: Journalctl) -> None:
    journalctl(
        {"MESSAGE": [104, 255], "_PID": "1"},
        {"_COMM": "kernel", "MESSAGE": ["a", "b"], "__MONOTONIC_TIMESTAMP": "1500000"},
        {"MESSAGE": None, "_HOSTNAME": "host"},
        {"_SOURCE_REALTIME_TIMESTAMP": "2000000", "__REALTIME_TIMESTAMP": "3000000"},
    )
    found = read()
    assert ["h\ufffd", "kernel: [    1.500000] a b", "host", ""] == [entry.line.after for entry in found]
    assert [0.0, 0.0, 0.0, 2.0] == [float(entry.at) for entry in found]


def test_a_journal_that_cannot_be_read_is_told(journalctl: Journalctl) -> None:
    with pytest.raises(ConfigError, match="cannot be read without journalctl: No such file"):
        read()
    journalctl("no json")
    with pytest.raises(ConfigError, match="journalctl prints what is no entry"):
        read()
    journalctl(status=3)
    with pytest.raises(ConfigError, match="journalctl ends with status 3"):
        read()
