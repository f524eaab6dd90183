"""What an action wants to know of a ban, and has to be looked up: names, earlier bans, figures."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from banish.compat.bantags import FIGURES, OF_THE_PAST, Event
from banish.core.jail import JailStatus
from banish.core.model import Ban, Subject
from banish.core.subject import address_of

LOOKUP_SECONDS: Final = 10.0

Tell: TypeAlias = "Callable[[str], None]"
"""To whom actions say what went wrong."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What is remembered: the bans of a subject with evidence, the latest first, and figures of jails."""

    history: Callable[[Subject], Sequence[Ban]] = lambda _: ()
    status: Callable[[str], JailStatus] = lambda name: JailStatus(name, 0, 0, 0, 0)
    most_lines: int = 10


async def brief(event: Event, tags: Collection[str], archive: Archive) -> Event:
    """Return an event with all that these tags need."""
    told = "matches" in tags or any(tag.startswith("F-") for tag in tags)
    is_lost = event.is_restored and (told or address_of(event.ban.subject) is None)
    if is_lost or not OF_THE_PAST.isdisjoint(tags):
        past = tuple(archive.history(event.ban.subject))
        event = replace(event, past=past, most_lines=archive.most_lines)
    if is_lost:
        event = replace(event, ban=_as_it_was(event))
    if not FIGURES.isdisjoint(tags):
        event = replace(event, status=archive.status(event.ban.jail))
    return await _named(event) if "ip-host" in tags else event


def _as_it_was(event: Event) -> Ban:
    """Return a ban of an earlier life with the evidence that is kept apart."""
    ban = event.ban
    for each in event.past:
        if each.jail == ban.jail and each.at <= ban.at:
            return replace(ban, evidence=each.evidence, fields=each.fields)
    return ban


async def _named(event: Event) -> Event:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(LOOKUP_SECONDS):
            name, *_ = await asyncio.to_thread(socket.gethostbyaddr, event.address)
            return replace(event, host=name)
    return event
