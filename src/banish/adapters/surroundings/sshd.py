"""Sessions of sshd, told by its processes: who has proved who he is, and from which address.

Somebody who is still guessing passwords has a connection and processes of sshd as well; what tells him from
a user is whose process it is and its title. Seen with OpenSSH 9.2; the titles are in its source, files
sshd.c, monitor.c and session.c (`setproctitle`):

    before   sshd: [accepted] · sshd: anna [priv] · sshd: anna [net] · sshd: anna [pam] · sshd: unknown [priv]
    after    sshd: anna [priv], of root, which has a child of anna's: sshd: anna@pts/0, anna@notty,
             or only sshd: anna (nothing but forwarding); for root one process of root's: sshd: root@pts/0
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from banish.adapters.surroundings.logins import Login
from banish.adapters.surroundings.processes import Process, Processes
from banish.adapters.surroundings.sockets import read_tcp
from banish.core.model import Subject

_TITLE: Final = re.compile(
    r"sshd(?:-session)?: (?P<user>[^\s\[\]]+?)(?:@(?:notty|internal-sftp|[a-z]+/?\d+(?:,[a-z]+/?\d+)*))?"
)
_ROOT: Final = "root"

Key: TypeAlias = "tuple[int, frozenset[int]]"
"""A process and its sockets: while they are the same, so is who is at the other end."""


class SshdSessions:
    """The sessions of all sshd of this machine."""

    def __init__(self, proc: Path, clock: Callable[[], float]) -> None:
        self._proc = proc
        self._processes = Processes(proc, clock)
        self._peers: dict[Key, Subject | None] = {}

    def look(self) -> Iterator[Login]:
        """Yield every session; one that begins is looked up in the table of connections, and remembered.

        Raises `PermissionError` at the end if there were processes that may not be looked at.
        """
        hidden: PermissionError | None = None
        known, self._peers = self._peers, {}
        for pid in self._processes.candidates():
            try:
                login = self._login(pid, known)
            except PermissionError as error:
                hidden = error
                continue
            if login is not None:
                yield login
        if hidden is not None:
            raise hidden

    def _login(self, pid: int, known: Mapping[Key, Subject | None]) -> Login | None:
        process = self._processes.sshd(pid)
        user = None if process is None else self._user(process)
        if process is None or user is None:
            return None
        key = pid, self._sockets(process)
        peer = known[key] if key in known else read_tcp(self._proc).login(key[1])
        self._peers[key] = peer
        return None if peer is None else Login(peer, "over ssh", user, pid)

    def _user(self, process: Process) -> str | None:
        """Return the name of the user whose session this is; nothing if it is none.

        A process of a user's counts only as the child of sshd's monitor, which no user can forge, and only
        if it is not confined more than that one, as the child is that talks to strangers. A process of root
        counts only as root's session: the title of a monitor, cut off, would look like a user's.
        """
        if process.user != 0:
            monitor = self._processes.sshd(process.parent)
            if monitor is None or monitor.user != 0 or monitor.filters != process.filters:
                return None
        title = _TITLE.fullmatch(self._processes.title(process.pid))
        if title is None or (process.user == 0 and title["user"] != _ROOT):
            return None
        return title["user"]

    def _sockets(self, process: Process) -> frozenset[int]:
        """Return the sockets among which the login's is: those that the monitor has too, if there is one."""
        own = self._processes.sockets(process.pid)
        return own & self._processes.sockets(process.parent) or own if process.user else own
