"""A place for one run of a daemon: its configuration, its log files, its memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bench.peer import Peer

BANTIME: Final = 86_400
FAILURES: Final = 3

_JAIL: Final = f"""\
[DEFAULT]
{{banaction}}
maxretry = {FAILURES}
findtime = 600
bantime = {BANTIME}

[sshd]
enabled = true
backend = auto
logpath = {{root}}/auth.log
"""
OTHER: Final = """
[other]
enabled = true
backend = auto
filter = sshd
port = ssh
logpath = {root}/other.log
"""
"""A second jail like the first, with a log of its own."""

TRAP: Final = """
[trap]
enabled = true
backend = auto
filter = trap
port = 8080
logpath = {root}/other.log
"""
"""A jail whose expression explodes, with a log of its own."""

_TRAP: Final = r"""
[Definition]
failregex = ^\s*\S+ trap: no login for (?:\w+\s?)+ from <HOST>$
"""
_BANACTION: Final = "banaction = nftables-multiport"  # of Debian's tree; Banish by itself needs none
_NATIVE: Final = "[Definition]\nfirewalls = native\n"
"""What only Banish reads: it is to be the firewall itself."""
_SERVER: Final = """\
[Definition]
logtarget = {root}/daemon.log
socket = {root}/control.sock
pidfile = {root}/daemon.pid
dbfile = {root}/memory.sqlite3
dbpurgeage = 7d
"""


class Home:
    """A folder; the same for both programs, except that without a peer Banish uses its own filters."""

    def __init__(self, root: Path, peer: Peer | None, extra: str = "") -> None:
        """`extra` is appended to the jails; `{root}` in it is this folder."""
        self.root = root
        self.tree = root / "etc"
        self.log = root / "auth.log"
        self.other = root / "other.log"
        self.output = root / "output"
        self.database = root / "memory.sqlite3"
        (self.tree / "filter.d").mkdir(parents=True)
        if peer is not None:
            shutil.copytree(peer.tree, self.tree, dirs_exist_ok=True)
        banaction = "" if peer is None else _BANACTION
        jails = _JAIL.format(root=root, banaction=banaction) + extra.format(root=root)
        (self.tree / "jail.local").write_text(jails)
        (self.tree / "fail2ban.local").write_text(_SERVER.format(root=root))
        (self.tree / "banish.local").write_text(_NATIVE)
        (self.tree / "filter.d/trap.conf").write_text(_TRAP)
        self.log.touch()
        self.other.touch()

    def append(self, lines: Iterable[str]) -> None:
        """Write lines to the log, all at once."""
        write(self.log, "".join(lines).encode())


def write(path: Path, text: bytes) -> None:
    """Append to a log, all at once."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    rest = memoryview(text)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


_LETS_IN: Final = "pass2allow-ftp"
"""Lets in instead of keeping out, which the firewall of this tree cannot do in either program."""


def every_jail(peer: Peer) -> str:
    """Return settings that enable the jails of the delivered tree, each on a log that is there."""
    quiet = "enabled = true\nbackend = auto\nlogpath = {root}/other.log\n"
    return "".join(f"\n[{name}]\n{quiet}" for name in peer.jails() if name not in {"sshd", _LETS_IN})
