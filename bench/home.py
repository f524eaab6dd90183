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
logpath = {{log}}
"""
_BANACTION: Final = "banaction = nftables-multiport"  # of Debian's tree; Banish by itself needs none
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

    def __init__(self, root: Path, peer: Peer | None) -> None:
        self.root = root
        self.tree = root / "etc"
        self.log = root / "auth.log"
        self.output = root / "output"
        self.target = root / "daemon.log"
        self.socket = root / "control.sock"
        self.database = root / "memory.sqlite3"
        root.mkdir(parents=True)
        if peer is not None:
            shutil.copytree(peer.tree, self.tree)
        self.tree.mkdir(exist_ok=True)
        banaction = "" if peer is None else _BANACTION
        (self.tree / "jail.local").write_text(_JAIL.format(log=self.log, banaction=banaction))
        (self.tree / "fail2ban.local").write_text(_SERVER.format(root=root))
        self.log.touch()

    def append(self, lines: Iterable[str]) -> None:
        """Write lines to the log, all at once."""
        text = "".join(lines).encode()
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND)
        try:
            while text:
                text = text[os.write(descriptor, text) :]
        finally:
            os.close(descriptor)
