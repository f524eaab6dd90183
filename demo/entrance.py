"""The way in: from whoever typed the command to root, and from there into namespaces of the demo's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Final, NoReturn

from demo.errors import UnfitError

INSIDE: Final = "inside"
"""The word with which the demo starts itself again behind the entrance."""

_NEEDED: Final = {
    "hydra": "hydra",
    "ip": "iproute2",
    "mount": "mount",
    "nft": "nftables",
    "rsyslogd": "rsyslog",
    "ssh": "openssh-client",
    "sshd": "openssh-server",
    "stdbuf": "coreutils",
    "unshare": "util-linux",
}
"""Programs, and the Debian packages that bring them."""

SYSTEM: Final = ":/usr/sbin:/sbin"
"""Where programs of the system lie, which the search path of a user may leave out."""

# With the death of unshare, or of the first process behind it, everything inside ends.
_UNSHARE: Final = (
    *("unshare", "--mount", "--propagation", "private", "--net"),
    *("--pid", "--fork", "--kill-child", "--mount-proc"),
)
_DEMO: Final = (sys.executable, "-B", "-m", "demo")


def enter() -> NoReturn:
    """Start again as root and inside; `UnfitError` if that is not possible here."""
    os.environ["PATH"] = os.environ.get("PATH", os.defpath) + SYSTEM
    missing = sorted({package for program, package in _NEEDED.items() if shutil.which(program) is None})
    if missing:
        raise UnfitError(f"programs are missing; install them: apt install {' '.join(missing)}")
    if os.geteuid() != 0:
        _become_root()
    if failure := _failure(*_UNSHARE, "true"):
        raise UnfitError(f"no namespaces can be made here: {failure}")
    # nobody's source tree gets files that belong to root
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.execvp(_UNSHARE[0], (*_UNSHARE, *_DEMO, INSIDE))


def _become_root() -> NoReturn:
    cure = "run it as root, or with sudo installed and allowed"
    if shutil.which("sudo") is None:
        raise UnfitError(f"the demo makes network namespaces, which only root may do; {cure}")
    print("The demo makes network namespaces, which only root may do; asking sudo.", flush=True)
    if subprocess.run(("sudo", "--", "true"), check=False).returncode:
        raise UnfitError(f"sudo says no; {cure}")
    os.execvp("sudo", ("sudo", "--", *_DEMO))


def _failure(*words: str) -> str:
    """Run a program and return what it complained of, if it failed."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"exit status {done.returncode}" if done.returncode else ""
