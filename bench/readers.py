"""How each program reads a whole log, and how long that takes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import crowdsec
from bench.errors import TrialError
from bench.figures import Program
from bench.packages import folder_of
from bench.peer import PYTHON, Peer

_FILTERS = {"postfix": "postfix[mode=more]", "postfix-sasl": "postfix[mode=auth]"}
"""The filters of jails that are not called as they are, by Debian's tree."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Commands, run one after the other; `{log}` in their words is its path; it is standard input, too."""

    program: Program
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    fine: frozenset[int] = frozenset({0})
    """Exit statuses that mean: read to the end."""

    def read(self, log: Path) -> float:
        """Return how many seconds it takes."""
        environment = {**os.environ, **self.environment}
        begun = time.monotonic()
        for command in self.commands:
            words = [word.replace("{log}", str(log)) for word in command]
            with log.open("rb") as lines:
                done = subprocess.run(
                    words,
                    stdin=lines,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=environment,
                    check=False,
                )
            if done.returncode not in self.fine:
                last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
                raise TrialError(f"{self.program} gave up on {log.name}: {last}")
        return time.monotonic() - begun


def banish(tree: Path, jails: Iterable[str]) -> Reader:
    """Return Banish, all jails in one run."""
    named = [word for jail in jails for word in ("--jail", jail)]
    program = str(Path(sys.executable).with_name("banish"))
    return Reader(Program.BANISH, [(program, "replay", "-c", str(tree), *named, "{log}", "--json")])


def fail2ban(peer: Peer, tree: Path, jails: Iterable[str]) -> Reader:
    """Return fail2ban, one run for each jail; as in its daemon, the first match ends a line."""
    options = ("--no-check-all", "--print-no-missed", "--print-no-ignored")
    head = (PYTHON, str(peer.regex), "-c", str(tree), *options, "{log}")
    return Reader(
        Program.FAIL2BAN, [(*head, _FILTERS.get(jail, jail)) for jail in jails], environment=peer.environment
    )


def sshguard() -> Reader:
    """Return sshguard's parser, which knows all its services at once."""
    return Reader(
        Program.SSHGUARD, [(str(folder_of(Program.SSHGUARD) / "usr/libexec/sshguard/sshg-parser"),)]
    )


def crowdsec_replay(home: Path, kind: str) -> Reader:
    """Return CrowdSec, its whole way from a line to an alert in its database."""
    return Reader(Program.CROWDSEC, [crowdsec.furnish(home, folder_of(Program.CROWDSEC), kind)])


def grep(literals: Sequence[str]) -> Reader:
    """Return the limit of who looks at every line: a count of the lines that hold certain words."""
    words = tuple(word for literal in literals for word in ("-e", literal))
    count = 'grep -cF "$@" | cat'  # into /dev/null it would stop at the first line
    return Reader(Program.GREP, [("sh", "-c", count, "grep", *words, "{log}")], {"LC_ALL": "C"})
