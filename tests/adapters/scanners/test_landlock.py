from __future__ import annotations

import errno
import os
import signal
import socket
from pathlib import Path

import pytest
from tests.adapters.scanners.sandbox import outcomes

from banish.adapters.scanners import landlock
from banish.adapters.scanners.kernel import call, prctl

VERSION = call(444, None, 0, 1)
NO_NEW_PRIVILEGES = 38

needs_landlock = pytest.mark.skipif(
    VERSION < 1, reason="this kernel has no Landlock (boot it with lsm=landlock,…)"
)


def shut() -> bool:
    return prctl(NO_NEW_PRIVILEGES, 1) and landlock.shut()


@needs_landlock
def test_no_file_can_be_opened_made_listed_or_run(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.touch()
    tries = {
        "read": lambda: os.open(file, os.O_RDONLY),
        "write": lambda: os.open(file, os.O_WRONLY),
        "make": lambda: os.open(tmp_path / "y", os.O_WRONLY | os.O_CREAT),
        "list": lambda: list(tmp_path.iterdir()),
        "remove": file.unlink,
        "run": lambda: os.execv("/bin/true", ["true"]),
    }
    found = outcomes(shut, tries)
    assert found.pop("shut") is True
    assert dict.fromkeys(tries, errno.EACCES) == found


@pytest.mark.skipif(VERSION < 6, reason="this kernel's Landlock knows no signals and no ports")
def test_no_port_can_be_used_and_nobody_outside_be_signalled() -> None:
    tries = {
        "bind": lambda: socket.socket().bind(("127.0.0.1", 0)),
        "kill": lambda: os.kill(os.getppid(), signal.SIGCONT),
    }
    assert {"shut": True, "bind": errno.EACCES, "kill": errno.EPERM} == outcomes(shut, tries)


@needs_landlock
def test_a_kernel_that_refuses_is_told_from_one_that_does_not() -> None:
    assert {"shut": False} == outcomes(landlock.shut, {}) or os.geteuid() == 0  # without no_new_privs


def test_without_landlock_nothing_is_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "call", lambda *_: -1)
    assert not landlock.shut()


def test_a_ruleset_that_cannot_be_had_is_no_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([7, -1])
    monkeypatch.setattr(landlock, "call", lambda *_: next(answers))
    assert not landlock.shut()
