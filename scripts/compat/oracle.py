"""The fail2ban that Banish is held against: unpacked somewhere, installed nowhere.

`FAIL2BAN` names its directories, separated by colons: unpacked packages or source trees, of any release. If
it is not set, the package of this machine's Debian is fetched.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.errors import UnfitError
from bench.figures import Program
from bench.packages import FOLDER, fetch

VARIABLE: Final = "FAIL2BAN"
PYTHON: Final = "/usr/bin/python3"
"""The system's own, for which packages are made."""

_LIBRARIES: Final = ("usr/lib/python3*/*-packages", "usr/local/lib/python3*/*-packages", ".")
_TREES: Final = ("etc/fail2ban", "config")
_PROGRAMS: Final = ("usr/bin/fail2ban-regex", "usr/local/bin/fail2ban-regex", "bin/fail2ban-regex")


@dataclass(frozen=True, slots=True)
class Oracle:
    """Where it lies: its Python packages, its configuration as delivered, its fail2ban-regex."""

    root: Path
    library: Path
    tree: Path
    program: Path

    @property
    def samples(self) -> Path:
        """Its annotated samples of logs."""
        return self.library / "fail2ban/tests/files/logs"

    @property
    def python(self) -> str:
        """The interpreter it runs with: the system's, or else ours."""
        return PYTHON if Path(PYTHON).exists() else sys.executable

    @property
    def environment(self) -> dict[str, str]:
        """What makes Python find it, and leaves no traces where it lies."""
        return {"PYTHONPATH": str(self.library), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}

    def version(self) -> str:
        """Return what it says its version is."""
        command = [self.python, str(self.program), "--version"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnfitError(f"{self.program}: {(done.stderr.strip() or 'it does not run').splitlines()[-1]}")
        return done.stdout.split()[-1]


def folders() -> list[str]:
    """Return the directories that `FAIL2BAN` names, or "" for Debian's package."""
    return [name for name in os.environ.get(VARIABLE, "").split(":") if name] or [""]


def find(folder: str) -> Oracle:
    """Return the one in a directory, Debian's if that is ""; `UnfitError` if there is none."""
    place = Path(folder) if folder else _debian()
    library = _first(place, [f"{library}/fail2ban/tests/files/logs" for library in _LIBRARIES]).parents[3]
    return Oracle(place, library, _first(place, _TREES), _first(place, _PROGRAMS))


def _debian() -> Path:
    fetch(Program.FAIL2BAN)
    return FOLDER / Program.FAIL2BAN


def _first(folder: Path, places: Sequence[str]) -> Path:
    found = next((path for place in places for path in sorted(folder.glob(place))), None)
    if found is None:
        raise UnfitError(
            f"{folder}: no unpacked fail2ban with its tests; there is none of {', '.join(places)}"
        )
    return found
