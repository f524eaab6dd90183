"""Open what survives a restart; the first time, with what fail2ban remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.adapters.store.takeover import places, take_over
from banish.core.config import ServerConfig
from banish.core.errors import StoreError
from banish.core.model import Instant, Seconds, Topic

Hear = Callable[[Topic, str], None]
"""Hears what somebody should know."""


def open_store(server: ServerConfig, lengths: Mapping[str, Seconds], tell: Hear, now: Instant) -> SqliteStore:
    """Open the state, or go on without: guarding without memory is better than not guarding.

    `lengths` is how long each jail bans.
    """
    if server.dbfile is None:
        return MemoryStore(now)
    ours, theirs = places(server.dbfile)
    is_first = not ours.exists()
    try:
        store = SqliteStore(ours, now, purge_age=server.dbpurgeage, max_matches=server.dbmaxmatches)
    except StoreError as error:
        tell(Topic.TROUBLE, f"{error}; nothing will be remembered over a restart")
        return MemoryStore(now)
    if store.recovered:
        tell(Topic.TROUBLE, store.recovered)
    is_meant = server.dbfile in {ServerConfig().dbfile, str(theirs)}  # else it is somebody's trial
    if is_first and is_meant and theirs.exists():
        _take(theirs, store, lengths, tell, now)
    return store


def _take(
    path: Path,
    store: SqliteStore,
    lengths: Mapping[str, Seconds],
    tell: Hear,
    now: Instant,
) -> None:
    try:
        taken = take_over(path, store, now, lengths)
    except StoreError as error:
        tell(Topic.TROUBLE, f"{error}; nothing is taken over from fail2ban, banish import tries again")
        return
    text = f"{path}: {taken.bans} bans and the places in {taken.logs} logs are taken over from fail2ban"
    tell(Topic.RESTORED, text)
