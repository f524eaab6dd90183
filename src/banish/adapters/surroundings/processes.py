"""Processes of sshd, told from all others at little cost.

Any user can give a process any name and title, and can make reading its title hang. So the program and the
owner are looked at first, and the title is read of none but sshd's own processes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Final

ROUND_SECONDS: Final = 2.0  # in which every process is looked at again; else only those not seen before

_PROGRAMS: Final = frozenset({"sshd", "sshd-session"})  # the second since OpenSSH 9.8
_STATUS: Final = re.compile(rb"^(PPid|Uid|Seccomp|Seccomp_filters):\s*(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Process:
    """What the kernel says of a process. `filters` is how its system calls are confined."""

    pid: int
    parent: int
    user: int
    filters: tuple[bytes | None, bytes | None]


class Processes:
    """The process table under `proc`."""

    def __init__(self, proc: Path, clock: Callable[[], float]) -> None:
        self._proc = str(proc)
        self._clock = clock
        self._others: dict[str, None] = {}  # seen, and not sshd; those seen longest ago first
        self._looked_at = float("-inf")

    def candidates(self) -> Iterator[int]:
        """Yield the processes whose name, which proves nothing, is sshd's.

        # fast path: 0.3 ms instead of 1.8 ms with 375 processes, four times a second. A number that was
        # given out again, or a process that became sshd after it was seen, is found within a round.
        """
        with os.scandir(self._proc) as entries:
            pids = {entry.name for entry in entries if entry.name.isdecimal()}
        self._forget(pids)
        for pid in pids - self._others.keys():
            # systemd's children are called (sshd) until they are sshd
            if b"sshd" in self._read(pid, "comm", 64):
                yield int(pid)
            else:
                self._others[pid] = None

    def _forget(self, alive: set[str]) -> None:
        """Forget the dead, and as large a share of the living as time has passed of a round."""
        now = self._clock()
        share = min(1.0, (now - self._looked_at) / ROUND_SECONDS)
        self._looked_at = now
        stale = ceil(share * len(alive))
        self._others = {pid: None for pid in islice(self._others, stale, None) if pid in alive}

    def sshd(self, pid: int) -> Process | None:
        """Return a process if its program is sshd and it has one owner throughout.

        Raises `PermissionError` where other people's processes may not be looked at (CAP_SYS_PTRACE).
        """
        try:
            program = Path(self._proc, str(pid), "exe").readlink()
        except (FileNotFoundError, ProcessLookupError):  # it has gone since
            return None
        if program.name.removesuffix(" (deleted)") not in _PROGRAMS:
            return None
        status = dict(_STATUS.findall(self._read(pid, "status", 65_536)))
        users = set(status.get(b"Uid", b"").split())
        if len(users) != 1 or b"PPid" not in status:
            return None
        filters = status.get(b"Seccomp"), status.get(b"Seccomp_filters")
        return Process(pid, int(status[b"PPid"]), int(users.pop()), filters)

    def title(self, pid: int) -> str:
        """Return the command line as it stands, which sshd overwrites with what it is about."""
        return self._read(pid, "cmdline", 1024).rstrip(b"\x00").decode("utf-8", "replace")

    def sockets(self, pid: int) -> frozenset[int]:
        """Return the inodes of the sockets that a process has open."""
        found = set()
        with suppress(FileNotFoundError, ProcessLookupError):  # the process has gone since
            for descriptor in Path(self._proc, str(pid), "fd").iterdir():
                with suppress(FileNotFoundError):  # closed since
                    target = str(descriptor.readlink())
                    if target.startswith("socket:["):
                        found.add(int(target[8:-1]))
        return frozenset(found)

    def _read(self, pid: int | str, name: str, most_bytes: int) -> bytes:
        try:
            descriptor = os.open(f"{self._proc}/{pid}/{name}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return b""
        try:
            return os.read(descriptor, most_bytes)
        except OSError:  # ESRCH: it has gone between the two calls
            return b""
        finally:
            os.close(descriptor)
