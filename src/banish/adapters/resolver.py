"""Names to addresses, remembered for five minutes, and never waited for longer than a limit.

The names stand in lines that attackers write, and so do the answers of their name servers: the number of
names, of addresses and of questions under way is bounded, and a slow name server delays only its own names.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from banish.adapters.workers import Workers
from banish.core.model import Subject
from banish.core.subject import address_of

CACHED_SECONDS: Final = 300.0
CACHED_NAMES: Final = 1000
LIMIT_SECONDS: Final = 10.0
MOST_ADDRESSES: Final = 64  # of one name

Lookup: TypeAlias = "Callable[[str, socket.AddressFamily], list[str]]"

# Text whose last label is a number would be read as an address in one of its old notations: 1.2.3, 0x7f.1
_NAME: Final = re.compile(r"(?=.{1,253}\Z)(?:[\w-]{1,63}\.)*(?!(?:\d+|0[xX][\da-fA-F]*)\.?\Z)[\w-]{1,63}\.?")


def look_up(name: str, family: socket.AddressFamily) -> list[str]:
    """Ask the system; a name that does not exist has no addresses."""
    try:
        found = socket.getaddrinfo(name, None, family=family, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # ValueError: a label that cannot be encoded
        return []
    return [str(address[0]) for *_, address in found]


class Resolver:
    """Addresses of names, for one event loop."""

    def __init__(
        self,
        workers: Workers,
        *,
        has_ipv6: bool,
        lookup: Lookup = look_up,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`has_ipv6`: whether IPv6 addresses are asked for; `lookup` may block, and is called in a thread."""
        self._workers = workers
        self._family = socket.AF_UNSPEC if has_ipv6 else socket.AF_INET
        self._lookup = lookup
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, tuple[Subject, ...]]] = OrderedDict()
        self._under_way: dict[str, asyncio.Future[list[str]]] = {}

    async def resolve(self, name: str, limit_seconds: float = LIMIT_SECONDS) -> tuple[Subject, ...]:
        """Return the addresses of a name; none if it has none, is none, or takes too long.

        An answer that comes too late for this question is there for the next one. Raises `BusyError`.
        """
        address = address_of(name)
        if address is not None:
            return (Subject(str(address)),)
        if _NAME.fullmatch(name) is None:
            return ()
        until, known = self._known.get(name, (float("-inf"), ()))
        if self._clock() < until:
            return known
        question = self._under_way.get(name) or self._ask(name)
        try:
            async with asyncio.timeout(limit_seconds):
                return _subjects(await asyncio.shield(question))
        except TimeoutError:
            return ()

    def _ask(self, name: str) -> asyncio.Future[list[str]]:
        question = self._workers.submit(partial(self._lookup, name, self._family))
        self._under_way[name] = question
        question.add_done_callback(partial(self._keep, name))
        return question

    def _keep(self, name: str, question: asyncio.Future[list[str]]) -> None:
        del self._under_way[name]
        if question.cancelled() or question.exception() is not None:
            return
        self._known[name] = self._clock() + CACHED_SECONDS, _subjects(question.result())
        self._known.move_to_end(name)
        if len(self._known) > CACHED_NAMES:
            self._known.popitem(last=False)


def _subjects(texts: list[str]) -> tuple[Subject, ...]:
    """Return each address once, canonical; those with a zone (`fe80::1%eth0`) are nobody's to ban."""
    addresses = (address_of(text) for text in texts[: 2 * MOST_ADDRESSES])
    found = dict.fromkeys(Subject(str(address)) for address in addresses if address is not None)
    return tuple(found)[:MOST_ADDRESSES]
