from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DEMO = (sys.executable, "-B", "-m", "demo")
UNFIT = 2
KINDS = ("mnt", "net", "pid")
TOUCHED = (  # what the demo covers, or what its programs would write to outside of it
    *("/dev", "/etc", "/etc/pam.d", "/etc/ssh", "/run", "/run/netns", "/var/lib", "/var/lib/banish"),
    *("/var/log", "/var/log/auth.log", "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/rsyslog.conf"),
    *("/etc/pam.d/sshd", "/dev/log", "/run/rsyslogd.pid", "/root/.ssh", str(Path.home() / ".ssh")),
)

pytestmark = pytest.mark.slow


def namespaces_of(pid: int | str) -> dict[str, str]:
    return {kind: str(Path(f"/proc/{pid}/ns/{kind}").readlink()) for kind in KINDS}


def processes_in(namespaces: dict[str, str]) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if set(namespaces_of(process.name).items()) & set(namespaces.items()):
                yield (process / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it has gone since
            continue


def traces() -> dict[str, object]:
    return {path: trace(Path(path)) for path in TOUCHED}


def trace(path: Path) -> object:
    if path.is_dir():
        return sorted(entry.name for entry in path.iterdir())
    return (path.stat().st_mtime, path.stat().st_size) if path.exists() else None


class Show:
    """A run of the demo, watched from outside."""

    def __init__(self, folder: Path, path: str = os.environ["PATH"]) -> None:
        self.folder = folder
        self.before = traces()
        self.process = subprocess.Popen(
            DEMO,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(folder), "PATH": path},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.inside: dict[str, str] = {}

    def wait_for(self, text: str) -> str:
        """Read the screen as far as the line with a text, and take down the namespaces it comes from."""
        assert self.process.stdout is not None
        read = ""
        for line in self.process.stdout:
            read += line
            if text in line:
                children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
                self.inside = namespaces_of(children.split()[0])
                return read
        return self.skip_or_fail(read)

    def skip_or_fail(self, read: str) -> str:
        errors = self.end()[1]
        if self.process.returncode == UNFIT:
            pytest.skip(errors.strip())
        pytest.fail(read + errors)

    def end(self) -> tuple[str, str]:
        try:
            return self.process.communicate(timeout=70)
        finally:
            self.process.kill()  # with it everything inside ends

    def check_that_nothing_is_left(self) -> None:
        deadline = time.monotonic() + 5
        while left := list(processes_in(self.inside)):
            assert time.monotonic() < deadline, left
        assert namespaces_of("self").items().isdisjoint(self.inside.items())
        assert self.before == traces()
        assert [] == list(self.folder.iterdir())


@pytest.mark.parametrize("_time", ["first", "second"])
def test_the_whole_story_happens_in_less_than_a_minute_and_leaves_nothing(_time: str, tmp_path: Path) -> None:
    began = time.monotonic()
    show = Show(tmp_path)
    screen = show.wait_for("BANISH BEGINS")
    rest, errors = show.end()
    screen += rest
    assert (0, "") == (show.process.returncode, errors), screen
    assert time.monotonic() - began < 60
    for line in (
        r"mallory +4 open connections cut, \d+ packets of theirs dropped",
        r"mallory +BANNED \d+ ms after failed login number 5$",
        r"trudy +BANNED \d+ ms after failed login number 5$",
        r"anna +SPARED at 5 failed logins: logged in over ssh as anna \(pid \d+\)$",
        r"elements = \{ 2001:db8:66::9 timeout ",
        r"mallory +FREE again: time is over$",
        r"mallory +a new connection is answered by sshd$",
        r"  mallory +\d+ +\d+ ms +[1-9]\d* +free again$",
        r"  anna +6 +never +0 +still logged in$",
        r"anna's open session answered (\d+) of \1 times",
    ):
        assert re.search(line, screen, re.MULTILINE), f"{line}\n{screen}"
    assert max(map(len, screen.splitlines())) <= 80
    assert "\x1b" not in screen
    show.check_that_nothing_is_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_demo_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    show = Show(tmp_path)
    show.wait_for("starts hydra")
    os.killpg(show.process.pid, number)
    show.end()
    assert show.process.returncode != 0
    show.check_that_nothing_is_left()


def test_a_killed_demo_leaves_nothing(tmp_path: Path) -> None:
    show = Show(tmp_path)
    show.wait_for("starts hydra")
    show.process.kill()
    show.end()
    show.check_that_nothing_is_left()


def test_what_goes_otherwise_is_shown_with_the_last_lines_of_the_logs(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "bin").mkdir()
    broken = tmp_path / "bin" / "ssh"
    broken.write_text('#!/bin/sh\n[ "$1" != -V ] || exec /usr/bin/ssh -V\necho no ssh today\n')
    broken.chmod(0o700)
    show = Show(tmp_path / "tmp", f"{broken.parent}:{os.environ['PATH']}")
    show.wait_for("THE STAGE")
    _, errors = show.end()
    assert show.process.returncode == 1
    assert "demo: anna's ssh ended before a shell came\n" in errors
    assert re.search(r"^  auth.log: .* sshd\S*: Server listening on", errors, re.MULTILINE)
    assert "  banish: guarding sshd" in errors
    assert "  anna's ssh: no ssh today\n" in errors
    show.check_that_nothing_is_left()
