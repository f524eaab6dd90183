"""What the kernel says: who is in Banish's set for how long, and how many packets it dropped.

Banish has one counter for a jail. To tell one guest's packets from another's, a gauge of the demo's own
counts what arrives before Banish's chain and what is left behind it; the difference was dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

from demo.guests import GUESTS, Guest
from demo.programs import output
from demo.stage import WINGS

TABLE: Final = ("list", "table", "inet", "banish")
"""What to ask `nft` for to see all that Banish has in the kernel."""

_JAIL: Final = "jail/sshd"  # Banish's counter
_CHAINS: Final = """
add table inet gauge
add chain inet gauge before { type filter hook prerouting priority -320; }
add chain inet gauge behind { type filter hook prerouting priority -300; }
"""  # Banish's chain is at -310
_METER: Final = """
add counter inet gauge {name}
add rule inet gauge {place} {source} counter name {name}
"""
_KINDS: Final = {
    "new": "tcp flags & (syn | ack) == syn",  # the first packet of a connection, or its repetition
    "open": "tcp flags & (syn | ack) != syn",
}


class Count(NamedTuple):
    """Packets dropped, read all at once: of each guest by our gauge, and of the jail by Banish's counter."""

    new: dict[Guest, int]
    """The first packets of new connections."""
    open: dict[Guest, int]
    """The packets of connections that were open already."""
    jail: int


async def lay_gauge() -> None:
    """Begin to count."""
    script = [_CHAINS, *(_METER.format(**meter) for meter in _meters())]
    file = WINGS / "gauge.nft"
    file.write_text("".join(script))
    await output("nft", "-f", str(file))


def _meters() -> Iterator[dict[str, str]]:
    for guest, kind, place in product(GUESTS, _KINDS, ("before", "behind")):
        family = "ip6" if guest.has_ipv6 else "ip"
        source = f"{family} saddr {guest.address} {_KINDS[kind]}"
        yield {"place": place, "source": source, "name": f"{guest.name}-{kind}-{place}"}


async def count() -> Count:
    """Read the counters."""
    listing: Any = json.loads(await output("nft", "-j", "list", "counters"))
    counters = [entry["counter"] for entry in listing["nftables"] if "counter" in entry]
    packets: dict[str, int] = {counter["name"]: counter["packets"] for counter in counters}

    def dropped(guest: Guest, kind: str) -> int:
        return packets[f"{guest.name}-{kind}-before"] - packets[f"{guest.name}-{kind}-behind"]

    new, unfinished = ({guest: dropped(guest, kind) for guest in GUESTS} for kind in _KINDS)
    return Count(new, unfinished, packets[_JAIL])


async def banned() -> dict[str, int]:
    """Return who is in Banish's sets, and for how many seconds more."""
    listing: Any = json.loads(await output("nft", "-j", *TABLE))
    sets = [entry["set"] for entry in listing["nftables"] if "set" in entry]
    elements = [element["elem"] for each in sets for element in each.get("elem", ())]
    return {element["val"]: element.get("expires", 0) for element in elements}


async def open_connections(guest: Guest) -> int:
    """Return how many connections from a guest the server believes to be open."""
    lines = await output("ss", "-Htn", "state", "established", "dst", f"[{guest.address}]")
    return len(lines.splitlines())
