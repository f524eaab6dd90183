"""Who is logged in from afar, as utmp(5) and systemd-logind know it: authenticated sessions only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

from banish.adapters.surroundings.addresses import subject_of
from banish.core.model import Subject
from banish.core.subject import address_of

MOST_BYTES: Final = 4_194_304  # of utmp: ten thousand sessions
MOST_SESSIONS: Final = 10_000

# type, process, line, id, user, host, exit (2), session, time (2), address (4). glibc has two layouts:
# with 32-bit times where a 32-bit sibling exists (x86-64, ppc64, …), with longs elsewhere (arm64).
_LAYOUTS: Final = (Struct("=hxxi32s4s32s256shhiii16s20x"), Struct("=hxxi32s4s32s256shhqqq16s20xxxxx"))
_USER_PROCESS: Final = 7
_LAST_TYPE: Final = 9


class Login(NamedTuple):
    """Somebody who proved who he is, and from where he came."""

    address: Subject
    how: str
    user: str
    pid: int

    @property
    def reason(self) -> str:
        """Say it in words."""
        return f"logged in {self.how} as {self.user} (pid {self.pid})"


def lives(pid: int) -> bool:
    """Whether there is such a process, be it hidden from us or not. Source: kill(2)."""
    if pid <= 0:
        return False  # a group of processes
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def utmp_logins(utmp: Path, lives: Callable[[int], bool] = lives) -> Iterator[Login]:
    """Yield the sessions of utmp whose process lives; systems without utmp have none."""
    if not utmp.is_file():
        return
    with utmp.open("rb") as file:
        content = file.read(MOST_BYTES)
    for pid, line, user, packed in _records(content):
        address = packed if any(packed[4:]) else packed[:4]
        if any(address) and lives(pid):
            yield Login(subject_of(address), f"on {_text(line)}", _text(user), pid)


def _records(content: bytes) -> Iterator[tuple[int, bytes, bytes, bytes]]:
    """Yield process, line, user and address of each session, by the layout that the content agrees with."""
    for layout in _LAYOUTS:
        records = list(layout.iter_unpack(content[: len(content) // layout.size * layout.size]))
        if len(content) % layout.size or not all(0 <= record[0] <= _LAST_TYPE for record in records):
            continue
        for kind, pid, line, _, user, *_, packed in records:
            if kind == _USER_PROCESS and pid > 0:
                yield pid, line, user, packed
        return


def logind_logins(sessions: Path, lives: Callable[[int], bool] = lives) -> Iterator[Login]:
    """Yield the remote sessions that systemd-logind keeps in its directory, and whose leader lives."""
    if not sessions.is_dir():
        return
    for path in sorted(sessions.iterdir())[:MOST_SESSIONS]:
        if path.suffix == ".ref" or not path.is_file():
            continue
        login = _session(path)
        if login is not None and lives(login.pid):
            yield login


def _session(path: Path) -> Login | None:
    """Read one session; nothing if it is local, on its way out, or gone.

    A host that is a name is no address to spare: who owns an address decides what name it has.
    """
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return None
    values = dict(line.partition("=")[::2] for line in text.splitlines())
    address = address_of(values.get("REMOTE_HOST", ""))
    pid = values.get("LEADER", "")
    if (
        values.get("REMOTE") != "1"
        or values.get("STATE") == "closing"
        or address is None
        or not pid.isdecimal()
    ):
        return None
    service = values.get("SERVICE") or "a session"
    return Login(Subject(str(address)), f"over {service}", values.get("USER", "?"), int(pid))


def _text(field: bytes) -> str:
    return field.split(b"\x00", 1)[0].decode("utf-8", "replace")
