from __future__ import annotations

from pathlib import Path

import pytest

from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.core.trial import Trial
from banish.faces.fail2ban.naming import resolve
from banish.faces.fail2ban.options import parse
from banish.faces.fail2ban.rules import changed, compiled, jail_of
from banish.faces.fail2ban.source import Journal, Log, LogFile, LogText, is_journal, source


def texts(lines: Log) -> list[str]:
    rules = compiled(
        changed(jail_of(resolve("from <HOST>", "/nonexistent"), "auto"), parse(["l", "r", "-e", "utf-8"]))
    )
    return [reading.line.whole for reading in lines.readings(Trial(rules, every=True), Instant(0))]


def test_a_file_is_read_without_comments_and_blank_lines(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"# c\na \r\n\n\r\n #d\n\xff\nrest")
    lines = source(str(tmp_path / "log"), ())
    assert LogFile(str(tmp_path / "log")) == lines
    assert ["a ", " #d", "\ufffd"] == texts(lines)


def test_what_is_no_file_is_the_log_itself() -> None:
    lines = source("a\n# c\n\nb\r", ())
    assert isinstance(lines, LogText)
    assert ["a", "b"] == texts(lines)
    assert [] == texts(source("", ()))


def test_the_journal_has_a_name_and_options() -> None:
    assert isinstance(source("systemd-journal[journalflags=1]", ("A=1",)), Journal)
    assert not is_journal("systemd-journals")
    with pytest.raises(ConfigError, match=r"systemd-journal\[x: the list"):
        source("systemd-journal[x", ())


def test_a_file_of_that_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "systemd-journal").write_text("a\n")
    assert LogFile("systemd-journal") == source("systemd-journal", ())
