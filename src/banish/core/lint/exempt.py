"""Entries of `ignoreip` that exempt more than their author can want, or nobody who is not exempt already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from banish.core.subject import AddressSet, network_of, parse

_OURSELVES: Final = AddressSet(["127.0.0.0/8", "::1", "localhost"])
_EVERYBODY: Final = {4: "everybody with an IPv4 address", 6: "everybody with an IPv6 address"}


def doubts(entries: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the numbers of odd entries of a list, and what is odd about them."""
    everybody = [index for index, entry in enumerate(entries) if _is_everybody(entry)]
    for index in everybody:
        version = 6 if ":" in entries[index] else 4
        yield index, f"exempts {_EVERYBODY[version]} from ever being banned; name only those who must not be"
    if everybody:
        return  # the rest of the list does not matter
    for index, entry in enumerate(entries):
        others = (
            *entries[:index],
            *(other for other in entries[index + 1 :] if parse(other) != parse(entry)),
        )
        covering = AddressSet(others).find(parse(entry))
        if covering is not None:
            yield index, f"is exempt already by {covering} in the same list; delete the one that is not meant"


def lost(entries: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Return those of `entries` that `kept` does not exempt; this machine itself is never banned anyway."""
    have = AddressSet(kept)
    return [
        entry for entry in entries if not have.covers(parse(entry)) and not _OURSELVES.covers(parse(entry))
    ]


def _is_everybody(entry: str) -> bool:
    network = network_of(entry)
    return network is not None and not network.prefixlen
