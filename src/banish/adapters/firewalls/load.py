"""Any number of bans on their way into new sets."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from banish.adapters.firewalls.elements import Kind, encode, locate, milliseconds
from banish.adapters.firewalls.names import SetName, Sets
from banish.adapters.firewalls.netlink import LARGEST_PAYLOAD, Channel, Message, size_of
from banish.adapters.firewalls.ruleset import Ruleset
from banish.core.model import Instant, Place

_TRANSACTION_BYTES = 1 << 18  # larger ones are no faster
_ROOM = LARGEST_PAYLOAD - 40  # the longest element has 40 bytes


class Load:
    """Puts any number of bans into sets that no rule asks yet; holds no more than two transactions of them.

    While the kernel is busy with one, in a thread, the next is put together: a million bans take 2.5 seconds
    of either.
    """

    def __init__(self, channel: Channel, rules: Ruleset, jails: Iterable[str], generation: int) -> None:
        self.sets: Sets = {jail: {} for jail in jails}
        self._channel = channel
        self._limit = min(channel.limit, _TRANSACTION_BYTES)
        self._rules = rules
        self._generation = generation
        self._gathered: dict[str, dict[Kind, bytearray]] = {jail: {} for jail in self.sets}
        self._messages: list[Message] = []
        self._size = 0
        self._sender: ThreadPoolExecutor | None = None
        self._sent: Future[None] | None = None

    def put(self, bans: Iterable[tuple[Place, Instant]], now: Instant) -> None:
        """Put in all that can be enforced; what is over, of no fenced jail or no address is left out."""
        try:
            self._put(bans, now)
            self._settle()
            self._channel.commit(self._messages)
        finally:
            if self._sender is not None:
                self._sender.shutdown()
        self._messages, self._size = [], 0

    def _put(self, bans: Iterable[tuple[Place, Instant]], now: Instant) -> None:
        for (jail, subject), until in bans:
            gathered = self._gathered.get(jail)
            timeout = milliseconds(until, now)
            if gathered is None or timeout is None:
                continue
            found = locate(subject)
            if found is None:
                continue
            kind, key = found
            elements = gathered.get(kind)
            if elements is None:
                elements = gathered[kind] = self._make(jail, kind)
            elements += encode(key, timeout)
            if len(elements) > _ROOM:
                self._pass_on(jail, kind, elements)
        for jail, kinds in self._gathered.items():
            for kind, elements in kinds.items():
                self._pass_on(jail, kind, elements)

    def take_back(self) -> None:
        """Remove the sets as far as they were made."""
        for kinds in self.sets.values():
            for name in kinds.values():
                with suppress(OSError):  # not made yet; or what hinders us now, and the next load removes it
                    self._channel.commit([self._rules.forget_set(name)])

    def _make(self, jail: str, kind: Kind) -> bytearray:
        name = self.sets[jail][kind] = str(SetName(jail, kind, self._generation))
        self._send(self._rules.set(name, kind))
        return bytearray()

    def _pass_on(self, jail: str, kind: Kind, elements: bytearray) -> None:
        if elements:
            self._send(self._rules.add(self.sets[jail][kind], bytes(elements)))
            elements.clear()

    def _send(self, message: Message) -> None:
        if self._size + size_of(message) > self._limit:
            self._commit()
        self._messages.append(message)
        self._size += size_of(message)

    def _commit(self) -> None:
        """Have the kernel take what is put together, when it has taken what came before."""
        self._settle()
        if self._sender is None:
            self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load")
        self._sent = self._sender.submit(self._channel.commit, self._messages)
        self._messages, self._size = [], 0

    def _settle(self) -> None:
        if self._sent is not None:
            self._sent.result()
