"""The daemon under fail2ban's name. Needs no rights: it may not enforce, and says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import configure

from banish.faces.fail2ban.server import main

PATIENCE = 30


def test_another_command_is_the_clients(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert 0 == main(["-V"])
    assert "1.1.1\n" == capsys.readouterr().out
    assert 255 == main(["--nonsense"])
    assert capsys.readouterr().out.startswith("Usage: fail2ban-server")
    assert 255 == main(["-s", str(tmp_path / "s"), "status"])
    assert "Failed to access socket path" in capsys.readouterr().err


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command of fail2ban's in a network namespace of its own."""
    enter = [shutil.which("unshare") or "unshare", "-n" if os.geteuid() == 0 else "-Urn"]
    if subprocess.run([*enter, "true"], check=False).returncode:
        pytest.skip("needs root, or unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)")
    configure(tmp_path)
    options = ["-c", str(tmp_path), "-s", str(tmp_path / "s"), "-p", str(tmp_path / "pid")]

    def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*enter, sys.executable, "-m", f"banish.faces.fail2ban.{program}", *options, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)

    return run


@pytest.mark.slow
def test_it_starts_in_the_background_and_stops(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    started = run("server", "start")
    assert (0, "Server ready\n") == (started.returncode, started.stdout)
    pid = int((tmp_path / "pid").read_text())
    assert Path(f"/proc/{pid}").exists()
    assert "Server already running" in run("server", "start").stderr
    assert "Number of jail:\t2" in run("client", "status").stdout
    stopped = run("client", "stop")
    assert (0, "Shutdown successful\n") == (stopped.returncode, stopped.stdout)
    assert not (tmp_path / "s").exists()


@pytest.mark.slow
def test_the_client_starts_and_restarts_it(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert "Server ready\n" in run("client", "start").stdout
    assert run("client", "restart").stdout.endswith("Server ready\n")
    assert "Server replied: pong\n" == run("client", "ping").stdout
    run("client", "stop")


@pytest.mark.slow
def test_why_it_did_not_start_is_told(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "fail2ban.local").write_text("[Definition]\nreaders = no-such-group\n")
    failed = run("server", "start")
    assert 255 == failed.returncode
    assert "no-such-group" in failed.stderr
