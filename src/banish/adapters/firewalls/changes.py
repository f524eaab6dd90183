"""Changes of sets that are in force: bans to add or renew, and to take away."""

from __future__ import annotations

from collections.abc import Iterator

from banish.adapters.firewalls.elements import Kind, encode, lists, locate
from banish.adapters.firewalls.names import SetName, Sets, of_jail
from banish.adapters.firewalls.netlink import Message
from banish.adapters.firewalls.ruleset import Ruleset
from banish.core.model import Place

_LARGEST_CHANGE = 3 * 40  # an element has at most 40 bytes and is written up to three times
_LARGEST_GROUP = (
    4096  # the heads of three messages, and a set with its rule, names of 255 characters included
)

LARGEST_STEP = _LARGEST_GROUP + _LARGEST_CHANGE
"""What one `put` may add to the size."""


class Changes:
    """Gathers changes, of which the last on a subject holds, and writes them as one transaction.

    The kernel refuses to remove what is not there, and before 6.12 an addition renews nothing: so each
    subject is added, removed, and added again if it is to stay. Within a transaction nobody sees the steps.
    """

    def __init__(self, rules: Ruleset, sets: Sets, generation: int) -> None:
        self.size = 0
        """Not less than the bytes of all messages."""
        self._rules = rules
        self._sets = sets
        self._generation = generation
        self._timeouts: dict[tuple[str, Kind], dict[bytes, int | None]] = {}
        self._made: list[SetName] = []

    def put(self, place: Place, timeout_ms: int | None) -> None:
        """Ban, or release if there is no timeout; what is of no fenced jail or no address is left out."""
        sets, found = self._sets.get(place.jail), locate(place.subject)
        if sets is None or found is None:
            return
        kind, key = found
        timeouts = self._timeouts.get((place.jail, kind))
        if timeouts is None:
            if kind not in sets:
                if timeout_ms is None:
                    return  # there has never been a ban of this kind
                self._made.append(SetName(place.jail, kind, self._generation))
            timeouts = self._timeouts[place.jail, kind] = {}
            self.size += _LARGEST_GROUP
        timeouts[key] = timeout_ms
        self.size += _LARGEST_CHANGE

    def messages(self) -> Iterator[Message]:
        """Write the transaction."""
        for made in self._made:
            yield self._rules.set(str(made), made.kind)
            yield self._rules.ban(of_jail(made.jail), str(made), made.kind)
        for (jail, kind), timeouts in self._timeouts.items():
            name = self._sets[jail].get(kind) or str(SetName(jail, kind, self._generation))
            for elements in lists(encode(key, timeout or 0) for key, timeout in timeouts.items()):
                yield self._rules.add(name, elements)
            for elements in lists(map(encode, timeouts)):
                yield self._rules.remove(name, elements)
            for elements in lists(encode(key, left) for key, left in timeouts.items() if left is not None):
                yield self._rules.add(name, elements)

    def settle(self) -> None:
        """Remember the sets that were made, now that the kernel has taken the transaction."""
        for made in self._made:
            self._sets[made.jail][made.kind] = str(made)
