"""A program under test: started, ready, measured, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from bench.ear import forget_everything
from bench.errors import TrialError
from bench.figures import Program
from bench.home import BANTIME, FAILURES, Home
from bench.packages import folder_of
from bench.peer import PYTHON, Peer

_PATIENCE: Final = 180.0  # seconds for a start; fail2ban takes 26 with 5,000 bans
_GLANCE: Final = 0.005
_LAST_LINES: Final = 5
_MOST_OUTPUT: Final = 1 << 20


class Memory(NamedTuple):
    """Resident memory in bytes, of all its processes: now, and the most it ever was."""

    now: int
    most: int


@dataclass(slots=True)
class Daemon:
    """How to run a program in its home, and what it prints when it is ready."""

    name: str
    home: Home
    words: tuple[str, ...]
    word: str
    environment: Mapping[str, str] = field(default_factory=dict)
    farewell: float = 60.0
    """Seconds to end in, of its own accord."""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and wait until it is ready; returns when it was started (monotonic)."""
        with self.home.output.open("ab") as output:
            heard = output.tell()
            begun = time.monotonic()
            self._process = subprocess.Popen(
                self.words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        self._await(lambda: self.word.encode() in self._printed(heard), "is not ready")
        return begun

    def stop(self) -> None:
        """Ask it to end, and wait until it has; nothing that it started stays behind."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(self.farewell)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def memory(self) -> Memory:
        """Look up what it takes."""
        if self._process is None:
            raise TrialError(f"{self.name} does not run")
        family = [_memory_of(process) for process in _family(Path(f"/proc/{self._process.pid}"))]
        return Memory(sum(each.now for each in family), sum(each.most for each in family))

    def _await(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if self._process is None or self._process.poll() is not None:
                raise TrialError(f"{self.name} has ended: {self._last_words()}")
            if time.monotonic() > deadline:
                raise TrialError(f"{self.name} {complaint} after {_PATIENCE:g} s: {self._last_words()}")
            time.sleep(_GLANCE)

    def _printed(self, heard: int) -> bytes:
        with self.home.output.open("rb") as output:
            output.seek(heard)
            return output.read(_MOST_OUTPUT)

    def _last_words(self) -> str:
        return " | ".join(self.home.output.read_text(errors="replace").splitlines()[-_LAST_LINES:])


@contextmanager
def running(daemon: Daemon) -> Iterator[float]:
    """Run it, and leave nothing of it in the kernel; yields how long it took to be ready."""
    try:
        begun = daemon.start()
        yield time.monotonic() - begun
    finally:
        daemon.stop()
        forget_everything()


def banish(home: Home) -> Daemon:
    """Return Banish, which will run as everybody runs it."""
    words = (str(Path(sys.executable).with_name("banish")), "run", "-c", str(home.tree))
    return Daemon(Program.BANISH, home, words, "\nguarding ")


def fail2ban(home: Home, peer: Peer) -> Daemon:
    """Return fail2ban, which will run in the foreground, with Debian's Python."""
    words = (PYTHON, str(peer.server), "-f", "-c", str(home.tree), "start")
    return Daemon(Program.FAIL2BAN, home, words, "Server ready", peer.environment)


_SSHGUARD: Final = """\
trap 'trap - TERM; kill 0' TERM
sh {parts}/sshg-logtail {logs} | {parts}/sshg-parser |
  {parts}/sshg-blocker -a {threshold} -p {bantime} -s 600 | sh {parts}/sshg-fw-nft-sets &
until nft list set ip6 sshguard attackers >/dev/null 2>&1; do sleep 0.01; done
echo ready
wait
"""


def sshguard(home: Home) -> Daemon:
    """Return sshguard: its stages, joined as its own script joins them, but without its fixed paths."""
    parts = folder_of(Program.SSHGUARD) / "usr/libexec/sshguard"
    # each failed login is worth ten
    script = _SSHGUARD.format(
        parts=parts, logs=f"{home.log} {home.other}", threshold=10 * FAILURES, bantime=BANTIME
    )
    return Daemon(Program.SSHGUARD, home, ("sh", "-c", script), "ready\n")


def _family(process: Path) -> Iterator[Path]:
    """Yield a process and all that descend from it."""
    yield process
    for children in process.glob("task/*/children"):
        for child in children.read_text().split():
            yield from _family(process.with_name(child))


def _memory_of(process: Path) -> Memory:
    return read_memory((process / "smaps_rollup").read_text(), (process / "status").read_text())


def read_memory(rollup: str, status: str) -> Memory:
    """Read the kernel's reports on a process; what it shares with others counts in proportion."""
    return Memory(_field(rollup, "Pss"), _field(status, "VmHWM"))


def _field(report: str, name: str) -> int:
    lines = (line.partition(":") for line in report.splitlines())
    return next((int(value.split()[0]) * 1024 for key, _, value in lines if key == name), 0)
