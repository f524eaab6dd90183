"""The attack: addresses, and the lines that sshd writes about them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

HOUSE: Final = 16 << 24
_STREET: Final = 1 << 30
_STRIDE: Final = 2_654_435_761  # odd, so that no address comes twice; 2^32 divided by the golden ratio
_USERS: Final = ("root", "invalid user admin", "invalid user oracle", "ubuntu", "invalid user test")


def address(number: int) -> str:
    """Return the address with a number, from 0; scattered from 16.0.0.0 to 79.255.255.255, each once."""
    whole = HOUSE + number * _STRIDE % _STREET
    return ".".join(str(whole >> shift & 255) for shift in (24, 16, 8, 0))


def addresses(first: int, count: int) -> list[str]:
    """Return as many addresses, from a number on."""
    return [address(number) for number in range(first, first + count)]


def failure(who: str, at: float, number: int) -> str:
    """Return the line about a failed login; the `number` makes it a connection of its own."""
    stamp = time.strftime("%b %e %H:%M:%S", time.localtime(at))
    user, port = _USERS[number % len(_USERS)], 1024 + number % 60_000
    return f"{stamp} gate sshd[{2000 + number}]: Failed password for {user} from {who} port {port} ssh2\n"


def flood(whom: list[str], failures: int, at: float) -> Iterator[str]:
    """Yield lines in which everybody fails so often, all in turns."""
    for turn in range(failures):
        for number, who in enumerate(whom):
            yield failure(who, at, turn * len(whom) + number)
