from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import signal
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.adapters.scanners.sandbox import outcomes

from banish.adapters.scanners import seccomp
from banish.adapters.scanners.kernel import prctl

NO_NEW_PRIVILEGES = 38

TRIES: dict[str, Callable[[], object]] = {
    "open": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "socket": socket.socket,
    "pipe": os.pipe,
    "fork": os.fork,
    "execve": lambda: os.execv("/bin/true", ["true"]),
    "kill": lambda: os.kill(os.getppid(), signal.SIGCONT),
    "list": lambda: list(Path("/").iterdir()),
    "user": lambda: os.setuid(os.getuid()),
    "sleep": lambda: time.sleep(0.001),
    "executable memory": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    "make executable": lambda: _protect(mmap.PROT_READ | mmap.PROT_EXEC),
}


def _protect(protection: int) -> int:
    memory = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mprotect(ctypes.c_void_p(address), 4096, protection):
        raise OSError(ctypes.get_errno(), "mprotect")
    return 0


def shut() -> bool:
    return prctl(NO_NEW_PRIVILEGES, 1) and seccomp.shut()


@pytest.mark.skipif(platform.machine() not in seccomp._ARCHITECTURES, reason="no table for this processor")
def test_whoever_is_shut_in_computes_and_nothing_else() -> None:
    reading, writing = os.pipe()
    allowed: dict[str, Callable[[], object]] = {
        "memory": lambda: len(bytearray(50 << 20)),
        "clock": lambda: int(time.time() > 0 and time.process_time() > 0),
        "write": lambda: os.write(writing, b"x"),
        "read": lambda: os.read(reading, 1).decode(),
        "random": lambda: len(os.urandom(8)),
        "protect": lambda: _protect(mmap.PROT_READ),
    }
    found = outcomes(shut, {**TRIES, **allowed})
    assert found.pop("shut") is True
    assert dict.fromkeys(TRIES, errno.EPERM) == {name: found[name] for name in TRIES}
    results = {"memory": 50 << 20, "clock": 1, "write": 1, "read": "x", "random": 8, "protect": 0}
    assert results == {name: found[name] for name in allowed}
    os.close(reading)
    os.close(writing)


def test_a_processor_without_a_table_is_not_shut_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "vax")
    assert {"shut": False, "open": "done"} == outcomes(
        shut, {"open": lambda: os.close(os.open("/", os.O_RDONLY))}
    )


@pytest.mark.parametrize("machine", seccomp._ARCHITECTURES)
def test_every_jump_of_the_filter_ends_inside_it(machine: str) -> None:
    program = seccomp._program(machine)
    steps = list(struct.iter_unpack("=HBBI", program))
    for place, (code, hit, miss, _) in enumerate(steps):
        if code & 0x7 == 0x5:
            assert place + 1 + max(hit, miss) < len(steps)
    assert (0x06, 0, 0, 0x00050000 | errno.EPERM) == steps[-1]
