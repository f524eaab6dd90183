"""The original's fail2ban-regex, as one would call it on a command line."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, NamedTuple

from compat.case import NOW, ZONE, Case
from compat.nursery import PATIENCE
from compat.oracle import Oracle
from compat.rows import Outcome, theirs

_NURSERY: Final = Path(__file__).with_name("nursery.py")
_USEDNS: Final = {"raw": ("-r",), "warn": (), "no": ("--usedns", "no"), "yes": ("--usedns", "yes")}
_TRIES: Final = 2


class _Answer(NamedTuple):
    """How a run ended, and what it printed; `status` is negative if a signal ended it."""

    status: int
    out: str
    err: str


class _SilenceError(Exception):
    """There is no answer, or half of one; not because of the case, as far as one can tell."""


class Theirs:
    """The original; one at a time."""

    def __init__(self, oracle: Oracle, patience: float = PATIENCE) -> None:
        """`patience` is in seconds; a run takes some 0.01."""
        self._oracle = oracle
        self._patience = patience
        self._nursery = self._started()

    def close(self) -> None:
        """Let it go."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._nursery.pid, signal.SIGKILL)  # a child that hangs goes, too
        self._nursery.communicate()

    def judge(self, case: Case) -> Outcome | None:
        """Return what it makes of a case; nothing if it takes too long or fails to answer."""
        for _ in range(_TRIES):
            try:
                return self._judged(case)
            except _SilenceError as silence:
                print(f"compat: {case.name}: {silence}", file=sys.stderr)
                self.close()
                self._nursery = self._started()
        return None

    def _judged(self, case: Case) -> Outcome | None:
        with case.unpacked(self._oracle.tree) as (tree, file):
            options = ["-c", str(tree), "-e", case.encoding, *_USEDNS[case.usedns]]
            options += ["-d", case.datepattern] if case.datepattern else []
            options += ["--timezone", case.timezone] if case.timezone else []
            answer = self._run([*options, "-o", "row", str(file), case.call])
            if answer.status == -signal.SIGALRM:
                return None
            died = answer.err.strip()[-400:] if "Traceback" in answer.err else ""
            if answer.status and not died:
                said = (answer.out + answer.err).strip()[-400:]
                return Outcome(refused=said or f"exit status {answer.status}")
            matches = None
            if case.is_joined and not died:
                matches = self._run([*options, "-o", "matches", str(file), case.call])
        return self._outcome(case, answer, matches, died)

    def _outcome(self, case: Case, rows: _Answer, matches: _Answer | None, died: str) -> Outcome | None:
        if matches is not None and matches.status == -signal.SIGALRM:
            return None
        if matches is not None and matches.status:
            raise _SilenceError(f"there are rows, but no matches: {matches.status} {matches.err[-400:]}")
        log = frozenset(line.decode(case.encoding, "replace").rstrip("\r") for line in case.lines)
        try:
            return replace(theirs(rows.out, matches and matches.out, log), died=died)
        except ValueError as error:
            raise _SilenceError(f"rows and matches do not belong together: {error}") from error

    def _started(self) -> subprocess.Popen[str]:
        oracle = self._oracle
        environment = {**oracle.environment, "LC_ALL": "C.UTF-8", "TZ": ZONE, "PYTHONHASHSEED": "0"}
        return subprocess.Popen(
            [oracle.python, _NURSERY, oracle.program, str(NOW)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _run(self, arguments: list[str]) -> _Answer:
        """Ask for a run; its own alarm ends it, so that twice the time means that there is nobody."""
        asking, answering = _pipes(self._nursery)
        try:
            print(json.dumps(arguments), file=asking, flush=True)
        except OSError as error:
            raise _SilenceError(f"fail2ban takes no more orders: {error}") from error
        if not select.select([answering], [], [], 2 * self._patience)[0]:
            raise _SilenceError(f"no answer from fail2ban in {2 * self._patience:.0f} s")
        line = answering.readline()
        if not line.endswith("\n"):
            raise _SilenceError(f"fail2ban left with exit status {self._nursery.poll()}")
        answer = _Answer(*json.loads(line))
        if answer.status < 0 and answer.status != -signal.SIGALRM:
            raise _SilenceError(f"fail2ban was killed by signal {-answer.status}")
        return answer


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both are pipes")
    return process.stdin, process.stdout
