from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench.errors import TrialError
from bench.figures import Program
from bench.peer import Peer
from bench.readers import Reader, banish, fail2ban, grep


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log"
    path.write_text("one\ntwo\n")
    return path


def test_the_log_is_named_and_is_standard_input(log: Path) -> None:
    script = "import sys; sys.exit(sys.stdin.read() != open(sys.argv[1]).read())"
    assert Reader(Program.GREP, [(sys.executable, "-c", script, "{log}")]).read(log) > 0


def test_who_gives_up_is_quoted(log: Path) -> None:
    with pytest.raises(TrialError, match=r"grep gave up on log: \['no more'\]"):
        Reader(Program.GREP, [("sh", "-c", "echo no more >&2; exit 3")]).read(log)


def test_grep_is_content_with_nothing(log: Path) -> None:
    assert grep(["three"]).read(log) > 0


def test_banish_reads_for_all_jails_at_once() -> None:
    command = banish(Path("/etc/x"), ["a", "b"]).commands[0][1:]
    assert ["replay", "-c", "/etc/x", "--jail", "a", "--jail", "b", "{log}", "--json"] == list(command)


def test_fail2ban_reads_once_for_each_jail_with_its_filter() -> None:
    reader = fail2ban(Peer(Path("/peer")), Path("/etc/x"), ["dovecot", "postfix-sasl"])
    assert ["dovecot", "postfix[mode=auth]"] == [command[-1] for command in reader.commands]
    assert {"PYTHONPATH": "/peer/usr/lib/python3/dist-packages"} == reader.environment
