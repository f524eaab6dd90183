"""Give up every right, for good: what is left can compute, and talk through the one socket it holds.

Walls the kernel may lack (Landlock, seccomp) are put up where they exist; who is still root without them, or
keeps a capability, must not go on.
"""

from __future__ import annotations

import os
import pwd
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from banish.adapters.scanners import landlock, seccomp
from banish.adapters.scanners.kernel import drop_capabilities, prctl

_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_NAME, _SET_NO_NEW_PRIVILEGES, _AMBIENT = 1, 4, 15, 38, 47  # PR_…
_CLEAR_AMBIENT = 4  # PR_CAP_AMBIENT_CLEAR_ALL
_OVERFLOW: Final = 65534  # the id of nobody where no account has that name


@dataclass(frozen=True, slots=True)
class Account:
    """The numbers of an account; looked up before files are out of reach."""

    user: int
    group: int


@dataclass(frozen=True, slots=True)
class Walls:
    """What stands between a process and the rest of the machine."""

    user: int
    landlock: bool
    seccomp: bool


class StillPrivilegedError(Exception):
    """A right could not be given up."""


def nobody() -> Account:
    """Return the account that owns nothing."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(_OVERFLOW, _OVERFLOW)
    return Account(entry.pw_uid, entry.pw_gid)


def close_all_but(kept: int) -> None:
    """Close every descriptor but one."""
    os.closerange(0, kept)
    os.closerange(kept + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def confine(account: Account, parent: int) -> Walls:
    """Give up everything; this process dies with `parent`.

    `StillPrivilegedError` if something could not be given up that must be.
    """
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))
    is_changed = os.geteuid() != 0 or _become(account)
    prctl(_AMBIENT, _CLEAR_AMBIENT)  # a user that is not root may have been given some
    if not drop_capabilities():
        raise StillPrivilegedError("the capabilities cannot be dropped")
    prctl(_SET_NAME, b"banish-scanner\0")
    prctl(_SET_DUMPABLE, 0)  # processes of the same user may not look into this one
    prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL))  # forgotten by the kernel when the user changes
    if os.getppid() != parent:
        raise StillPrivilegedError("the daemon is gone")
    if not prctl(_SET_NO_NEW_PRIVILEGES, 1):
        raise StillPrivilegedError("the kernel does not know no_new_privs")
    walls = Walls(os.geteuid(), landlock.shut(), seccomp.shut())
    if not is_changed and not (walls.landlock and walls.seccomp):
        raise StillPrivilegedError("still root, and no Landlock and seccomp to contain it")
    return walls


def _become(account: Account) -> bool:
    """Become another user; false where a user namespace has no other."""
    if not _is_mapped(account.user):
        return False
    try:
        os.setgroups([])
        os.setresgid(account.group, account.group, account.group)
        os.setresuid(account.user, account.user, account.user)
    except OSError as error:
        raise StillPrivilegedError(f"cannot become user {account.user}: {error.strerror}") from error
    if os.getresuid() != (account.user,) * 3 or os.getresgid() != (account.group,) * 3 or os.getgroups():
        raise StillPrivilegedError(f"did not become user {account.user}")
    return True


def _is_mapped(user: int) -> bool:
    with suppress(OSError), open("/proc/self/uid_map", encoding="ascii") as file:  # noqa: PTH123 - no pathlib here
        ranges = [tuple(map(int, line.split())) for line in file]
        return any(first <= user < first + count for first, _, count in ranges)
    return True
