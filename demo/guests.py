"""Who takes part, and at which address; all of them from the ranges that are kept for documentation.

Sources: RFC 5737 (IPv4), RFC 3849 (IPv6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody at the far end of a cable to the server: `door` is the server's address at the near end."""

    name: str
    address: str
    door: str
    prefix: int

    def at_home(self, *words: str) -> tuple[str, ...]:
        """Return a command as it runs in the guest's own network namespace."""
        return ("ip", "netns", "exec", self.name, *words)

    @property
    def has_ipv6(self) -> bool:
        """Whether the cable carries IPv6, else IPv4."""
        return ":" in self.address


ANNA: Final = Guest("anna", "198.51.100.7", "198.51.100.1", 24)
MALLORY: Final = Guest("mallory", "203.0.113.9", "203.0.113.1", 24)
TRUDY: Final = Guest("trudy", "2001:db8:66::9", "2001:db8:66::1", 64)

ATTACKERS: Final = (MALLORY, TRUDY)
GUESTS: Final = (ANNA, *ATTACKERS)
BY_ADDRESS: Final = {guest.address: guest for guest in GUESTS}
