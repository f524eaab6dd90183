"""On what it was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

from banish import __version__
from bench.figures import Program
from bench.packages import PACKAGES, version
from bench.peer import PYTHON


def load() -> float:
    """Return how many processes wanted to run, on average of the last minute."""
    return os.getloadavg()[0]


def describe(programs: Iterable[Program]) -> dict[str, str]:
    """Return what matters, by name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    model = processor(Path("/proc/cpuinfo").read_text())
    told = {
        "processor": f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}, {_first_line('nft', '--version')}",
        "banish": f"{__version__}, Python {platform.python_version()}",
    }
    for program in PACKAGES:
        if program in programs:
            told[program] = f"Debian's {version(program)}"
    if Program.FAIL2BAN in told:
        told[Program.FAIL2BAN] += f", {_first_line(PYTHON, '--version')}, backend pyinotify"
    return told


def processor(cpuinfo: str) -> str:
    """Return the name of the processor; some architectures have none there."""
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == "model name"), platform.machine())


def _first_line(*words: str) -> str:
    printed = subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()
    return printed[0] if printed else "unknown"
