from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from tests.adapters.logs.daemons import listening

from banish.adapters.logs import journald, syslogd
from banish.adapters.logs.opening import open_log
from banish.core.errors import ConfigError
from banish.core.model import Instant, Note, Subject, Topic

BANNED = Note(Topic.BANNED, Instant(1_763_673_171), "alpha", Subject("192.0.2.50"))


def write(target: str, syslogsocket: str = "auto") -> None:
    log = open_log(target, UTC, "INFO", syslogsocket)
    log.note(BANNED)
    log.close()


def test_a_path_is_a_file(tmp_path: Path) -> None:
    write(f"{tmp_path}/log[format='%(message)s']")
    assert "[alpha] Ban 192.0.2.50\n" == (tmp_path / "log").read_text()


def test_a_stream_has_the_layout_of_its_target(capsys: pytest.CaptureFixture[str]) -> None:
    write("stderr[format='%(message)s']")
    write("SYSOUT[padding=off]")
    assert "[alpha] Ban 192.0.2.50\n" == capsys.readouterr().err


@pytest.mark.parametrize("syslogsocket", ["auto", "given"])
def test_the_system_logger_is_where_it_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syslogsocket: str
) -> None:
    place = tmp_path / syslogsocket
    monkeypatch.setattr(syslogd, "USUAL", tmp_path / "auto")
    with listening(place) as listener:
        write("SYSLOG", "auto" if syslogsocket == "auto" else str(place))
        assert 1 == len(listener.heard())


def test_the_journal_is_where_it_always_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journald, "USUAL", tmp_path / "journal")
    with listening(tmp_path / "journal") as listener:
        write("SYSTEMD-JOURNAL")
        assert 1 == len(listener.heard())


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("SYSLOG", r"logtarget SYSLOG \(.*missing\): No such file or directory; start a system logger"),
        ("SYSTEMD-JOURNAL", r"logtarget SYSTEMD-JOURNAL \(.*missing\): No such .*; there is no systemd here"),
        ("/", r"logtarget /: Is a directory; name a file"),
        ("/nowhere/log[padding=off]", r"logtarget /nowhere/log: No such file or directory; name a file"),
        ("nosuch", "no such target"),
    ],
)
def test_a_target_that_cannot_be_opened_is_an_error_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, message: str
) -> None:
    for module in (syslogd, journald):
        monkeypatch.setattr(module, "USUAL", tmp_path / "missing")
    with pytest.raises(ConfigError, match=message):
        open_log(target, UTC, "INFO")
