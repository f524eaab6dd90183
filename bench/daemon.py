"""A program under test: started, ready, measured, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from bench.errors import TrialError
from bench.home import Home
from bench.peer import PYTHON, Peer

_PATIENCE: Final = 180.0  # seconds for a start or a stop; fail2ban takes 26 with 5,000 bans
_GLANCE: Final = 0.005
_LAST_LINES: Final = 5


class Memory(NamedTuple):
    """Resident memory in bytes: now, and the most it ever was."""

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
            )
        self._await(lambda: self.word.encode() in self.home.output.read_bytes()[heard:], "is not ready")
        return begun

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def memory(self) -> Memory:
        """Look up what it takes."""
        if self._process is None:
            raise TrialError(f"{self.name} does not run")
        return read_memory(Path(f"/proc/{self._process.pid}/status").read_text())

    def _await(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if self._process is None or self._process.poll() is not None:
                raise TrialError(f"{self.name} has ended: {self._last_words()}")
            if time.monotonic() > deadline:
                raise TrialError(f"{self.name} {complaint} after {_PATIENCE:g} s: {self._last_words()}")
            time.sleep(_GLANCE)

    def _last_words(self) -> str:
        return " | ".join(self.home.output.read_text(errors="replace").splitlines()[-_LAST_LINES:])


def banish(home: Home) -> Daemon:
    """Return Banish, which will run as everybody runs it."""
    words = (str(Path(sys.executable).with_name("banish")), "run", "-c", str(home.tree))
    return Daemon("banish", home, words, "\nguarding ")


def fail2ban(home: Home, peer: Peer) -> Daemon:
    """Return fail2ban, which will run in the foreground, with Debian's Python."""
    words = (PYTHON, str(peer.server), "-f", "-c", str(home.tree), "start")
    return Daemon("fail2ban", home, words, "Server ready", {"PYTHONPATH": str(peer.library)})


def read_memory(status: str) -> Memory:
    """Read the kernel's report on a process."""
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    now, most = (int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return Memory(now, most)
