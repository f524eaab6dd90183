"""What is installed, compiled, does what the sources do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from banish.faces.cli.main import main
from bench import access_log, mail_log, sshd_log

ROOT = Path(__file__).parents[1]
NOW = 1_763_673_171.0
Lines: TypeAlias = "Callable[[int, float], Iterator[str]]"

JAILS = r"""
[sshd]
logpath = /none
[web]
logpath = /none
filter =
maxretry = 1
failregex = ^<HOST> .*"(?:GET|POST|HEAD) [^"]*(?:%(scans)s)
[mail]
logpath = /none
filter =
failregex = ^\s*\S+ postfix/smtpd\[\d+\]: NOQUEUE: reject: RCPT from \S+\[<HOST>\]: 554
            ^\s*\S+ (?:postfix|exim)\S*: .*\[<HOST>\].* 535
            ^\s*\S+ dovecot: imap-login: .*auth failed.* user=<<F-USER>[^>]*</F-USER>>.*, rip=<HOST>,
"""
LOGS = [(sshd_log.lines, 20_000, "sshd"), (access_log.lines, 60_000, "web"), (mail_log.lines, 20_000, "mail")]


@pytest.mark.skipif(shutil.which("cc") is None or "HATCH_BUILD_NO_HOOKS" in os.environ, reason="not compiled")
def test_what_runs_for_every_line_is_compiled() -> None:
    installed = Path(sysconfig.get_path("purelib")) / "banish"
    assert list(installed.glob("core/engine.*.so"))
    assert list(installed.glob("core/match/shapes.*.so"))


@pytest.mark.slow
@pytest.mark.parametrize(("lines", "count", "jail"), LOGS)
def test_a_log_has_the_same_banned(
    lines: Lines, count: int, jail: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scans = "|".join(map(re.escape, access_log.LITERALS)).replace("%", "%%")
    (tmp_path / "jail.local").write_text(JAILS.replace("%(scans)s", scans))
    log = tmp_path / "some.log"
    log.write_text("".join(lines(count, NOW)))
    words = ["replay", "-c", str(tmp_path), "--jail", jail, str(log), "--json"]
    assert 0 == main(words)
    program = str(Path(sys.executable).with_name("banish"))
    printed = subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout
    assert capsys.readouterr().out == printed
    assert printed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("not slow and not root", ("--ignore=tests/bench", "tests")),  # they take little time
        ("slow and not root", ("tests/core/match",)),  # they compare with slow twins
    ],
)
def test_tests_pass(kind: str, words: tuple[str, ...]) -> None:
    options = ["-p", "no:cacheprovider", "-o", "pythonpath=.", "-m", kind, "-x"]
    command = [sys.executable, "-m", "pytest", *options, *words]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == ran.returncode, ran.stdout
