"""Answers to what the engine asks about the world: names, lists, own addresses, sessions, commands.

Everything that may block runs in threads, of which one kind cannot starve another; everything has a limit.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from typing import Final, TypeVar, assert_never

from banish.adapters.ignorecommand import Expand, IgnoreCommands
from banish.adapters.ignorecommand import expand as fill_in
from banish.adapters.ignorelist import IgnoreLists
from banish.adapters.reports import Reports
from banish.adapters.resolver import Resolver
from banish.adapters.surroundings.addresses import own_addresses
from banish.adapters.surroundings.lookout import Lookout
from banish.adapters.workers import BusyError, Workers
from banish.core.model import (
    Answer,
    Checked,
    LookAround,
    OwnAddresses,
    Question,
    ReadList,
    Resolve,
    Resolved,
    RunCheck,
    Subject,
    Surroundings,
)

LOOK_SECONDS: Final = 0.5  # a ban waits for it
LIST_SECONDS: Final = 5.0
NAME_SECONDS: Final = 10.0

_NOBODY: Final[tuple[Subject, ...]] = ()
_NO_NAMES: Final[tuple[str, ...]] = ()

Given = TypeVar("Given")


def names_of_this_machine() -> tuple[str, ...]:
    """Return the names of this machine; asking for the full one may ask a name server."""
    host = socket.gethostname()
    return tuple(dict.fromkeys(("localhost", host.partition(".")[0], socket.getfqdn(host))))


class WorldOracle:
    """The port `Oracle`, for one event loop. It never raises, and is never slower than its limits."""

    def __init__(
        self,
        reports: Reports,
        *,
        resolver: Resolver,
        lookout: Lookout,
        commands: IgnoreCommands,
        own_names: Callable[[], tuple[str, ...]] = names_of_this_machine,
    ) -> None:
        """`own_names` may block; it is called in a thread."""
        self._reports = reports
        self._resolver = resolver
        self._lookout = lookout
        self._commands = commands
        self._own_names = own_names
        self._lists = IgnoreLists(reports)
        self._eyes = Workers("look", threads=1, most_waiting=100)
        self._readers = Workers("lists", threads=2, most_waiting=1000)
        self._reasons: Mapping[Subject, str] = {}

    async def answer(self, question: Question) -> Answer:
        """Answer; what could not be found out in time is answered as if there were nothing."""
        match question:
            case Resolve():
                return Resolved(await self._addresses(question.name))
            case ReadList():
                return Resolved(await self._list(question.path))
            case OwnAddresses():
                return Resolved(await self.own_addresses())
            case LookAround():
                return Surroundings(await self._look())
            case RunCheck():
                return Checked(await self._commands.knows(question.command, question.hit))
            case _:
                assert_never(question)

    async def own_addresses(self) -> tuple[Subject, ...]:
        """Return the addresses of all interfaces, and those that this machine's names lead to.

        Source: jail.conf(5), ignoreself: `localhost`, the short host name and the full one.
        """
        interfaces = await self._in_time(self._readers, _interface_addresses, LIST_SECONDS, _NOBODY)
        names = await self._in_time(self._readers, self._own_names, LIST_SECONDS, _NO_NAMES)
        named = await asyncio.gather(*(self._addresses(name) for name in names))
        return tuple(dict.fromkeys(chain(interfaces, *named)))

    def close(self) -> None:
        """Let go of the threads."""
        self._eyes.close()
        self._readers.close()

    async def _addresses(self, name: str) -> tuple[Subject, ...]:
        try:
            return await self._resolver.resolve(name, NAME_SECONDS)
        except BusyError as error:
            self._reports.tell("names", f"{error}; {name[:100]!r} is not resolved")
            return ()

    async def _list(self, path: str) -> tuple[Subject, ...]:
        return await self._in_time(self._readers, partial(self._lists.entries, path), LIST_SECONDS, _NOBODY)

    async def _look(self) -> Mapping[Subject, str]:
        self._reasons = await self._in_time(self._eyes, self._lookout.look, LOOK_SECONDS, self._reasons)
        return self._reasons

    async def _in_time(
        self, workers: Workers, call: Callable[[], Given], seconds: float, otherwise: Given
    ) -> Given:
        """Return what a thread finds out, or something else if it cannot, or not in time."""
        try:
            async with asyncio.timeout(seconds):
                return await workers.submit(call)
        except TimeoutError:
            self._reports.tell(
                workers.name, f"{workers.name}: no answer after {seconds:g} s; going on without"
            )
        except (BusyError, OSError, ValueError) as error:
            self._reports.tell(workers.name, f"{workers.name}: {error}; going on without")
        return otherwise


def open_oracle(
    report: Callable[[str], None], *, has_ipv6: bool, expand: Expand = fill_in, lookout: Lookout | None = None
) -> WorldOracle:
    """Return the oracle of this machine; `report` takes sentences for the operator."""
    reports = Reports(report)
    names = Workers("names", threads=4, most_waiting=1000)
    return WorldOracle(
        reports,
        resolver=Resolver(names, has_ipv6=has_ipv6),
        lookout=lookout or Lookout(report),
        commands=IgnoreCommands(reports, expand=expand),
    )


def _interface_addresses() -> tuple[Subject, ...]:
    return tuple(address for address, _ in own_addresses())
