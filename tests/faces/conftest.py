"""A real daemon in a dry run: it reads a real log and answers on a real socket, and bans nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from banish.faces.cli.main import main

PATIENCE = 20.0  # seconds; a daemon is ready in one


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running `banish run --dry-run`."""

    directory: Path
    process: subprocess.Popen[str]

    @property
    def socket(self) -> Path:
        return self.directory / "control.sock"

    @property
    def log(self) -> Path:
        return self.directory / "web.log"

    def heard(self, *words: str) -> str:
        """Wait for a line of its output that begins with `words`."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            assert line, "the daemon is gone"
            if line.split()[: len(words)] == list(words):
                return line
        raise AssertionError(f"not heard: {words}")

    def fail(self, address: str, times: int = 3) -> None:
        """Let an address fail; three times are one too many."""
        with self.log.open("a") as file:
            file.writelines(f"login failed from {address}\n" for _ in range(times))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def configuration(directory: Path) -> Path:
    """Write a small configuration: two jails that read one log."""
    (directory / "filter.d").mkdir()
    (directory / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^login failed from <HOST>$\ndatepattern = {NONE}\n"
    )
    (directory / "jail.conf").write_text(f"""\
[DEFAULT]
enabled = true
filter = web
logpath = {directory}/web.log
action = native[port=http]
usedns = no
bantime = 10m

[web]
maxretry = 3

[slow]
maxretry = 9
""")
    (directory / "fail2ban.conf").write_text(
        f"[Definition]\nlogtarget = {directory}/fail2ban.log\nsocket = {directory}/control.sock\n"
        f"dbfile = {directory}/banish.sqlite3\n"
    )
    return directory


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return configuration(tmp_path)


@pytest.fixture(scope="session")
def shared_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One daemon for all tests that only ask, or use addresses of their own."""
    yield from _running(configuration(tmp_path_factory.mktemp("daemon")))


@pytest.fixture
def daemon(directory: Path) -> Iterator[Daemon]:
    """Start a daemon of one's own."""
    yield from _running(directory)


def _running(directory: Path) -> Iterator[Daemon]:
    (directory / "web.log").touch()
    command = [sys.executable, "-m", "banish.faces.cli.main", "run", "--dry-run", "-c", str(directory)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        daemon = Daemon(directory, process)
        try:
            daemon.heard("guarding")
            yield daemon
        finally:
            if process.poll() is None:
                assert daemon.stop() == 0


@pytest.fixture
def banish(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command as a person would; returns exit status and what it printed."""

    def run(*words: object) -> tuple[int, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def asking(shared_daemon: Daemon, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[Any]]]:
    """Ask the shared daemon as a program would; returns exit status and JSON values."""

    def ask(command: str, *words: str) -> tuple[int, list[Any]]:
        status = main([command, "--json", "--socket", str(shared_daemon.socket), *words])
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return ask
