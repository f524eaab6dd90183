from __future__ import annotations

import os
import pwd
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import NoReturn

import pytest
from tests.adapters.scanners.sandbox import outcomes

from banish.adapters.scanners import confine as module
from banish.adapters.scanners.confine import (
    Account,
    StillPrivilegedError,
    confine,
    nobody,
)

NOBODY = Account(65534, 65534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to see how it is given up")


def attempt(change: Callable[[], None] = lambda: None, parent: int | None = None) -> Callable[[], str]:
    """Confine, after a change to the world of the child; tells the walls, or what went wrong."""
    me = os.getpid() if parent is None else parent

    def call() -> str:
        change()
        try:
            return str(confine(NOBODY, me))
        except StillPrivilegedError as error:
            return str(error)

    return call


def put(name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(module, name, value)


def test_nobody_is_who_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pwd.getpwnam("nobody").pw_uid == nobody().user

    def unknown(_: str) -> NoReturn:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwnam", unknown)
    assert NOBODY == nobody()


def test_of_all_descriptors_one_is_left() -> None:
    code = (
        "import os; from banish.adapters.scanners.confine import close_all_but\n"
        "held = [os.dup(1) for _ in range(50)]; close_all_but(held[20])\n"
        "left = [fd - held[20] for fd in range(100) if os.path.exists(f'/proc/self/fd/{fd}')]\n"
        "os.write(held[20], str(left).encode())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert b"[0]" == told


@as_root
def test_root_becomes_nobody_behind_every_wall_there_is() -> None:
    assert outcomes(attempt(), {})["shut"].startswith("Walls(user=65534, ")


@as_root
def test_limits_are_gone_and_no_memory_is_dumped() -> None:
    def limits() -> list[int]:
        kinds = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC)
        return [resource.getrlimit(kind)[1] for kind in kinds]

    found = outcomes(attempt(put("seccomp", Absent)), {"limits": limits, "who": lambda: list(os.getresuid())})
    assert [0, 0, 0] == found["limits"]
    assert [65534] * 3 == found["who"]


class Absent:
    """A wall that the kernel does not have."""

    @staticmethod
    def shut() -> bool:
        return False


@as_root
def test_who_cannot_become_another_user_does_not_go_on() -> None:
    def refuse(*_: int) -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    refused = outcomes(attempt(partial(setattr, os, "setresuid", refuse)), {})["shut"]
    assert "cannot become user 65534: Operation not permitted" == refused
    ignored = outcomes(attempt(partial(setattr, os, "setresuid", lambda *_: None)), {})["shut"]
    assert "did not become user 65534" == ignored


@as_root
def test_where_there_is_no_other_user_root_needs_every_wall() -> None:
    def alone(*, walls: bool) -> Callable[[], None]:
        def change() -> None:
            put("_is_mapped", lambda _: False)()
            if not walls:
                put("seccomp", Absent)()

        return change

    assert "Walls(user=0, landlock=True, seccomp=True)" == outcomes(attempt(alone(walls=True)), {})["shut"]
    refused = outcomes(attempt(alone(walls=False)), {})["shut"]
    assert "still root, and no Landlock and seccomp to contain it" == refused


def test_who_is_mapped_is_read_from_the_kernel() -> None:
    assert module._is_mapped(os.getuid())
    assert not module._is_mapped((1 << 32) - 1)


def test_an_orphan_does_not_go_on() -> None:
    assert "the daemon is gone" == outcomes(attempt(parent=1 << 22), {})["shut"]


def test_capabilities_and_new_privileges_must_be_given_up() -> None:
    found = outcomes(attempt(put("drop_capabilities", lambda: False)), {})
    assert "the capabilities cannot be dropped" == found["shut"]
    found = outcomes(attempt(put("prctl", lambda *_: False)), {})
    assert "the kernel does not know no_new_privs" == found["shut"]


def test_somebody_who_is_not_root_stays_who_he_is_behind_the_walls() -> None:
    user = 12345 if os.geteuid() == 0 else os.geteuid()

    def become() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)

    assert outcomes(attempt(become), {})["shut"].startswith(f"Walls(user={user}, ")
