from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest
from tests.adapters.scanners.sandbox import outcomes

from banish.adapters.scanners.kernel import call, drop_capabilities, prctl

SET_NAME, GET_NAME = 15, 16


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the number is that of one processor")
def test_the_kernel_is_asked_by_number() -> None:
    assert os.getpid() == call(39)
    assert -1 == call(100_000)


def test_a_thread_can_be_changed_and_what_makes_no_sense_is_refused() -> None:
    found = outcomes(lambda: prctl(SET_NAME, b"somebody\0"), {"name": Path("/proc/self/comm").read_text})
    assert {"shut": True, "name": "somebody\n"} == found
    assert not prctl(100_000)


def test_without_capabilities_none_is_left() -> None:
    def capabilities() -> str:
        status = Path("/proc/self/status").read_text()
        return next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))

    assert {"shut": True, "left": "0" * 16} == outcomes(drop_capabilities, {"left": capabilities})
