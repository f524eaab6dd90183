"""The way in: root, and namespaces of our own for mounts and network; this machine's rules stay untouched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from bench.errors import UnfitError

INSIDE: Final = "--inside"
"""The word with which the bench starts itself again behind the entrance."""

_NEEDED: Final = {"nft": "nftables", "ip": "iproute2", "unshare": "util-linux"}
"""Programs, and the Debian packages that bring them."""

_UNSHARE: Final = ("unshare", "--mount", "--propagation", "private", "--net")


def check() -> None:
    """Raise `UnfitError` unless this is root, with all programs there."""
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    if os.geteuid() != 0:
        raise UnfitError("network namespaces are for root to make; run it as root, or with sudo")
    missing = sorted({package for program, package in _NEEDED.items() if shutil.which(program) is None})
    if missing:
        raise UnfitError(f"programs are missing; install them: apt install {' '.join(missing)}")


def enter(words: Sequence[str]) -> NoReturn:
    """Start again inside."""
    failure = subprocess.run((*_UNSHARE, "true"), capture_output=True, text=True, check=False)
    if failure.returncode:
        raise UnfitError(f"no namespaces can be made here: {failure.stderr.strip()}")
    sys.stdout.flush()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed programs have it written
    os.execvp(_UNSHARE[0], (*_UNSHARE, sys.executable, "-m", "bench", INSIDE, *words))


def furnish() -> None:
    """Make the fresh namespaces fit to work in."""
    subprocess.run(("ip", "link", "set", "lo", "up"), check=True)
