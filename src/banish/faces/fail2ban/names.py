"""The addresses of host names in log lines, asked once each."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from banish.adapters.localzone import SystemZone
from banish.adapters.resolver import look_up
from banish.compat.loglines import WARNING, LogLine, layout
from banish.core.model import Instant
from banish.core.subject import address_of

_KEPT: Final = 1000  # names in one log; each costs a question, so more are asked again rather than kept


class Names:
    """Asks the system for addresses; `warn` is told of every question."""

    def __init__(self, warn: Callable[[str], object]) -> None:
        self._warn = warn
        self.addresses: Callable[[str], Sequence[str]] = lru_cache(maxsize=_KEPT)(self._addresses)

    def _addresses(self, name: str) -> Sequence[str]:
        """Return the addresses of a name; none if there are none."""
        found = (address_of(text) for text in look_up(name, socket.AF_UNSPEC))
        addresses = tuple(dict.fromkeys(str(address) for address in found if address is not None))
        if addresses:
            self._warn(f"Determined IP using DNS Lookup: {name} = {{{', '.join(map(repr, addresses))}}}")
        else:
            self._warn(f"Unable to find a corresponding IP address for {name}")
        return addresses


def host_of(address: str) -> str | None:
    """Return the name of an address, if it has one."""
    try:
        return socket.gethostbyaddr(address)[0]
    except (OSError, UnicodeError):
        return None


def log(text: str, level: int) -> None:
    """Print a warning as a line of fail2ban's log, if `level` lets it through."""
    if level <= WARNING.number:
        print(layout(LogLine("ipdns", WARNING, text), Instant(time.time()), SystemZone(), os.getpid()))
