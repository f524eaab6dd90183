"""A network of one's own for tests that need a kernel."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

_NEWNET = 0x40000000  # CLONE_NEWNET


def _call(function: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), function)


@pytest.fixture
def netns() -> Iterator[None]:
    """Put the test, and the programs it starts, into a network namespace of its own with a loopback device.

    Stays on one processor: there, packets over the loopback device keep their order.
    """
    processors = os.sched_getaffinity(0)
    with Path("/proc/thread-self/ns/net").open("rb") as before:
        try:
            _call("unshare", _NEWNET)
        except PermissionError:
            pytest.skip("needs root for a network namespace; test_rootless.py runs it under `unshare -Urn`")
        try:
            os.sched_setaffinity(0, {min(processors)})
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            os.sched_setaffinity(0, processors)
            _call("setns", before.fileno(), _NEWNET)
