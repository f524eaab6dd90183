"""Debian's fail2ban, unpacked: where its parts are."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path
from typing import Final, NamedTuple

from bench.figures import Program
from bench.packages import folder_of

PYTHON: Final = "/usr/bin/python3"
"""Debian's own, for which the package is made."""

_NO_JAILS: Final = {"INCLUDES", "DEFAULT"}


class Peer(NamedTuple):
    """Where it lies unpacked."""

    root: Path = folder_of(Program.FAIL2BAN)

    @property
    def tree(self) -> Path:
        """Its configuration as it is delivered."""
        return self.root / "etc/fail2ban"

    @property
    def library(self) -> Path:
        """Its Python packages."""
        return self.root / "usr/lib/python3/dist-packages"

    @property
    def server(self) -> Path:
        """Its daemon."""
        return self.root / "usr/bin/fail2ban-server"

    @property
    def regex(self) -> Path:
        """Its reader of whole logs."""
        return self.root / "usr/bin/fail2ban-regex"

    @property
    def environment(self) -> dict[str, str]:
        """What its programs need to find its packages."""
        return {"PYTHONPATH": str(self.library)}

    def jails(self) -> list[str]:
        """Return the names of all jails of its tree."""
        parser = RawConfigParser(strict=False, default_section="", allow_no_value=True)
        parser.read(self.tree / "jail.conf")
        return [name for name in parser.sections() if name not in _NO_JAILS]
