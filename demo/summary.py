"""The table at the end: what was counted and measured of everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from demo import server
from demo.guests import ANNA, ATTACKERS, Guest
from demo.kernel import Count

_HEAD: Final = ("who", "failed logins", "banned after", "packets dropped", "now")
NUMBERS: Final = (1, 2, 3)
"""The columns of numbers."""


def rows(count: Count, banned: Mapping[str, int], delays: Mapping[str, float]) -> Sequence[Sequence[str]]:
    """Return the table: packets dropped, seconds that bans last yet, and seconds it took to ban."""

    def row(guest: Guest, delay: str, state: str) -> tuple[str, ...]:
        failures = len(server.failed_logins(guest.address))
        return guest.name, str(failures), delay, str(count.new[guest] + count.open[guest]), state

    table: list[tuple[str, ...]] = [_HEAD]
    for guest in ATTACKERS:
        left = banned.get(guest.address)
        state = "free again" if left is None else f"banned, {left} s left"
        table.append(row(guest, f"{delays[guest.address] * 1000:.0f} ms", state))
    return [*table, row(ANNA, "never", "still logged in")]
