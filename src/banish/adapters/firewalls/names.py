"""Names in the kernel: what jails, their chains, counters and sets are called there, and back.

`nft` reads letters, digits and `/ - _ .` as one word, so its listings can be fed to it again.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from banish.adapters.firewalls.elements import Kind
from banish.core.errors import EnforceError

GATE = "prerouting"
"""The chain that the kernel sends every packet through."""

_PREFIX = "jail/"
_LONGEST = 220  # NFT_NAME_MAXLEN is 256, with the rest of a set's name and the null byte
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_ESCAPE = re.compile(rb"\.([0-9a-f]{2})")
_SET = re.compile(r"jail/([\w.-]*)/ip([46])-(\d{1,3})/(\d{1,18})", re.ASCII)


class SetName(NamedTuple):
    """What the name of a set says; the `generation` tells a set from the one it is to replace."""

    jail: str
    kind: Kind
    generation: int

    def __str__(self) -> str:
        family, length = self.kind
        return f"{of_jail(self.jail)}/ip{family}-{length}/{self.generation}"


Sets: TypeAlias = "dict[str, dict[Kind, str]]"
"""The names of the sets of each jail that has a fence, by kind."""


def of_jail(jail: str) -> str:
    """Return the name of a jail's chain and counter; what `nft` could not read becomes `.` and two digits."""
    octets = jail.encode("utf-8", "surrogateescape")
    name = _PREFIX + "".join(chr(octet) if octet in _PLAIN else f".{octet:02x}" for octet in octets)
    if len(name) > _LONGEST:
        raise EnforceError(f'jail "{jail[:40]}…": the kernel has no room for so long a name; shorten it')
    return name


def to_jail(name: str) -> str | None:
    """Return the jail that a chain or counter is of, or nothing if it is no jail's."""
    if not name.startswith(_PREFIX) or "/" in name[len(_PREFIX) :]:
        return None
    octets = name[len(_PREFIX) :].encode()
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), octets).decode(
        "utf-8", "surrogateescape"
    )


def to_set(name: str) -> SetName | None:
    """Return what the name of a set says, or nothing if it is not one of a jail."""
    found = _SET.fullmatch(name)
    jail = to_jail(_PREFIX + found[1]) if found else None
    if found is None or jail is None:
        return None
    return SetName(jail, Kind(int(found[2]), int(found[3])), int(found[4]))
