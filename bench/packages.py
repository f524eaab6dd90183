"""Debian's packages of the peers, fetched and unpacked beside us; nothing of them is installed or started."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

from bench.errors import UnfitError
from bench.figures import Program

FOLDER: Final = Path(__file__).parent.parent / ".peers"


class Package(NamedTuple):
    """What is fetched together, and a file that is there when all of it is."""

    names: tuple[str, ...]
    witness: str


PACKAGES: Final = {
    # the second is what Debian recommends with the first
    Program.FAIL2BAN: Package(
        ("fail2ban", "python3-pyinotify"), "usr/lib/python3/dist-packages/pyinotify.py"
    ),
    Program.SSHGUARD: Package(("sshguard",), "usr/libexec/sshguard/sshg-parser"),
    Program.CROWDSEC: Package(("crowdsec",), "usr/bin/crowdsec"),
}


def folder_of(program: Program) -> Path:
    """Return where it is unpacked."""
    return FOLDER / program


def is_there(program: Program) -> bool:
    """Whether all of it has been fetched."""
    return (folder_of(program) / PACKAGES[program].witness).exists()


def version(program: Program) -> str:
    """Return the version of Debian's package."""
    packages = sorted((FOLDER / "deb").glob(f"{PACKAGES[program].names[0]}_*.deb"))
    return packages[-1].name.split("_")[1] if packages else "of unknown version"


def fetch(program: Program) -> None:
    """Fetch it if it is not there; `UnfitError` if it cannot be had."""
    if is_there(program):
        return
    if shutil.which("apt-get") is None:
        raise UnfitError("this is no Debian, which has the package")
    names = PACKAGES[program].names
    print(f"fetching Debian's packages {' and '.join(names)}; unpacked into {FOLDER}, not installed")
    folder = FOLDER / "deb"
    folder.mkdir(parents=True, exist_ok=True)
    # without a sandbox apt needs no right for its own user to write here
    _run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *names, folder=folder)
    for name in names:
        for package in folder.glob(f"{name}_*.deb"):
            _run("dpkg", "-x", str(package), str(folder_of(program)), folder=folder)


def _run(*words: str, folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise UnfitError(f"{' '.join(words)}: {last}")
