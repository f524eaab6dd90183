"""Debian's fail2ban, fetched as a package and unpacked beside us; nothing of it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

from bench.errors import UnfitError

FOLDER: Final = Path(__file__).parent.parent / ".peers"
PYTHON: Final = "/usr/bin/python3"
"""Debian's own, for which the package is made."""

_PACKAGES: Final = ("fail2ban", "python3-pyinotify")  # the second is what Debian recommends with the first
_LIBRARY: Final = "usr/lib/python3/dist-packages"


class Peer(NamedTuple):
    """Where it lies unpacked."""

    root: Path

    @property
    def tree(self) -> Path:
        """Its configuration as it is delivered."""
        return self.root / "etc/fail2ban"

    @property
    def library(self) -> Path:
        """Its Python packages."""
        return self.root / _LIBRARY

    @property
    def server(self) -> Path:
        """Its daemon."""
        return self.root / "usr/bin/fail2ban-server"

    @property
    def backend(self) -> str:
        """How it will hear of new lines."""
        return "pyinotify" if (self.library / "pyinotify.py").exists() else "polling"

    @property
    def is_there(self) -> bool:
        """Whether all of it has been fetched."""
        return self.server.exists() and self.backend == "pyinotify"

    def version(self) -> str:
        """Return the version of Debian's package."""
        packages = sorted((self.root.parent / "deb").glob("fail2ban_*.deb"))
        return packages[-1].name.split("_")[1] if packages else "of unknown version"


def fetch() -> Peer:
    """Return it, after fetching it if it is not there; `UnfitError` if it cannot be had."""
    peer = Peer(FOLDER / "fail2ban")
    if not peer.is_there:
        if shutil.which("apt-get") is None or not Path(PYTHON).exists():
            raise UnfitError("this is no Debian with Python 3, for which the package is made")
        print(f"fetching Debian's packages {' and '.join(_PACKAGES)}; unpacked into {FOLDER}, not installed")
        _unpack(peer)
    return peer


def _unpack(peer: Peer) -> None:
    packages = FOLDER / "deb"
    packages.mkdir(parents=True, exist_ok=True)
    # without a sandbox apt needs no right for its own user to write here
    _run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *_PACKAGES, folder=packages)
    for name in _PACKAGES:
        for package in packages.glob(f"{name}_*.deb"):
            _run("dpkg", "-x", str(package), str(peer.root), folder=packages)


def _run(*words: str, folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise UnfitError(f"{' '.join(words)}: {last}")
