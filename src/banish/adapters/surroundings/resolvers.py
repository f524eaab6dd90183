"""The name servers of this machine, from resolv.conf(5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from banish.core.model import Subject
from banish.core.subject import address_of

_MOST_BYTES: Final = 65_536
_NAME_SERVER: Final = re.compile(rb"^[ \t]*nameserver[ \t]+([0-9A-Fa-f:.]+)", re.MULTILINE)


def name_servers(etc: Path, run: Path) -> Iterator[Subject]:
    """Yield what the resolver asks, and what systemd-resolved, which may sit between, asks in turn."""
    for path in (etc / "resolv.conf", run / "systemd" / "resolve" / "resolv.conf"):
        if path.is_file():
            with path.open("rb") as file:
                yield from _servers(file.read(_MOST_BYTES))


def _servers(content: bytes) -> Iterator[Subject]:
    for match in _NAME_SERVER.finditer(content):
        address = address_of(match[1].decode("ascii"))
        if address is not None:
            yield Subject(str(address))
