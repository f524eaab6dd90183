"""Debian's fail2ban-regex, as one would call it on a command line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Final

from bench.peer import PYTHON, Peer

from compat.case import NOW, ZONE, Case
from compat.rows import Outcome, theirs

_NURSERY: Final = Path(__file__).with_name("nursery.py")
_USEDNS: Final = {"raw": ("-r",), "warn": (), "no": ("--usedns", "no")}


class Theirs:
    """The original; one at a time."""

    def __init__(self, peer: Peer) -> None:
        self._stock = peer.tree
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TZ": ZONE,
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(peer.library),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._nursery = subprocess.Popen(
            [PYTHON, _NURSERY, peer.root / "usr/bin/fail2ban-regex", str(NOW)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Let it go."""
        self._nursery.communicate()

    def judge(self, case: Case) -> Outcome | None:
        """Return what it makes of a case; nothing if it takes too long."""
        with case.unpacked(self._stock) as (tree, file):
            options = ["-c", str(tree), "-e", "utf-8", *_USEDNS[case.usedns]]
            options += ["-d", case.datepattern] if case.datepattern else []
            status, rows, errors = self._run([*options, "-o", "row", str(file), case.call])
            if status < 0:
                return None
            died = errors.strip()[-400:] if "Traceback" in errors else ""
            if status and not died:
                return Outcome(refused=(rows + errors).strip()[-400:] or f"exit status {status}")
            matches = None
            if case.is_joined and not died:
                matches = self._run([*options, "-o", "matches", str(file), case.call])[1]
        log = frozenset(line.decode("utf-8", "replace").rstrip("\r") for line in case.lines)
        return Outcome(theirs(rows, matches, log), died=died)

    def _run(self, arguments: list[str]) -> tuple[int, str, str]:
        asking, answering = self._nursery.stdin, self._nursery.stdout
        if asking is None or answering is None:
            raise AssertionError("both are pipes")
        print(json.dumps(arguments), file=asking, flush=True)
        status, out, err = json.loads(answering.readline())
        return status, out, err
