"""Put the daemon together: the only place that names concrete adapters."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from banish.adapters.firewalls.memory import Memory as MemoryFirewall
from banish.adapters.firewalls.nftables import Nftables
from banish.adapters.logs import STREAMS, FileLog, Logs, OperatorLog, Sink, stream_log
from banish.adapters.oracle import open_oracle
from banish.adapters.scanners.local import LocalMatcher
from banish.adapters.scanners.pool import ScannerPool
from banish.adapters.sources.file import FileSource
from banish.adapters.sources.lookback import Probe, find_start
from banish.adapters.sources.patterns import matches
from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.compat.hittags import shell_words
from banish.core.config import JailConfig, LogPath
from banish.core.engine import Engine
from banish.core.errors import EnforceError, StoreError
from banish.core.expression import Expression, Watch
from banish.core.match import Scanner
from banish.core.model import Instant, LookAround, Note, Place, Topic
from banish.core.rules import Program
from banish.daemon.configuration import Loaded, calendar
from banish.daemon.control import Control, SourceState
from banish.daemon.keeper import Keeper
from banish.daemon.loop import Loop, Plan, World
from banish.daemon.ports import Firewall, Matcher

DISABLE_IPV6: Final = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
MOST_STRAYS: Final = 100_000  # with more bans remembered, the kernel is not asked for forgotten ones
ANSWERS: Final = 10.0  # seconds the first questions may take before reading begins without their answers


def clock() -> Instant:
    """Return the time of this machine."""
    return Instant(time.time())


class Guardian:
    """A daemon, from a configuration to the last thing it remembers."""

    def __init__(self, loaded: Loaded, *, dry_run: bool, in_process: bool) -> None:
        """With `dry_run` everything is as usual, but nobody is kept out and nothing is remembered.

        With `in_process` lines are matched here and not by scanners. `EnforceError` if the firewall cannot be
        used.
        """
        self._server = loaded.config.server
        self._jails = [rules.jail for rules in loaded.program]
        self._routes: dict[str, tuple[str, ...]] = {}
        self._log = Logs(_logs(loaded))
        firewall: Firewall = MemoryFirewall() if dry_run else Nftables()
        self._store = MemoryStore(clock()) if dry_run else self._open_store()
        self._scanner = Scanner(loaded.program)
        self._matcher = self._open_matcher(loaded.program, in_process=in_process)
        oracle = open_oracle(self._trouble, has_ipv6=_has_ipv6(self._server.allowipv6), expand=shell_words)
        world = World(self._matcher, firewall, Keeper(self._store, self._log), oracle, self._log, clock)
        fences = {jail.name: jail.scopes for jail in self._jails}
        self._loop = Loop(Engine(random.random), Plan(self.jails_of, fences), world)
        self._source = FileSource(_paths(self._jails), self._store.cursors(), self._start, self._trouble)
        self._program = loaded.program
        self.control = Control(self._loop, loaded, clock(), self._sources)

    async def start(self) -> None:
        """Take up what is remembered and enforce it; `EnforceError` if that is not possible.

        The scanner comes first, while there is little in memory that it would share; `RefusedError` if there
        can be none.
        """
        _raise_file_limit()
        _spare_collector()  # before the fork: what it touched later would no longer be shared
        await self._matcher.open()
        now = clock()
        memory = replace(self._store.load(now), strays=self._strays(now))
        self._loop.perform(self._loop.engine.adopt(self._program, now, memory))
        if self._loop.trouble:
            raise EnforceError(self._loop.trouble)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loop.settle(), ANSWERS)
        _spare_collector()
        await self._loop.world.oracle.answer(LookAround())  # the first look takes ten times as long as others

    async def guard(self) -> None:
        """Read and ban until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._loop.watch())
            tasks.create_task(self._loop.read(self._source))

    async def close(self) -> None:
        """Remember everything; bans stay in force or end, as configured."""
        self._source.close()
        self._matcher.close()
        self._loop.perform(self._loop.engine.stop())
        await self._loop.close()
        self._loop.world.keeper.flush(clock())
        with suppress(EnforceError):
            self._loop.world.firewall.close(keep=self._server.bans_on_stop == "keep")
        self._store.close()
        self._log.close()

    def jails_of(self, path: str) -> Sequence[str]:
        """Return the jails that read a file."""
        if path not in self._routes:
            self._routes[path] = tuple(
                jail.name
                for jail in self._jails
                if any(path == log.pattern or matches(log.pattern, path) for log in jail.logpaths)
            )
        return self._routes[path]

    # ---------------------------------------------------------------------------------------- details

    def _open_matcher(self, program: Program, *, in_process: bool) -> Matcher:
        most = _most_scanners(self._server.scanners)
        if in_process or not most:
            return LocalMatcher(self._scanner)

        def make(skip: frozenset[Expression], watch: Watch | None) -> Scanner:
            return Scanner(program, skip=skip, watch=watch, tells_all=False)

        return ScannerPool(program, make, most, self._trouble)

    def _open_store(self) -> SqliteStore:
        """Open the state, or go on without: guarding without memory is better than not guarding."""
        server = self._server
        if server.dbfile is None:
            return MemoryStore(clock())
        try:
            store = SqliteStore(
                Path(server.dbfile), clock(), purge_age=server.dbpurgeage, max_matches=server.dbmaxmatches
            )
        except StoreError as error:
            self._trouble(f"{error}; nothing will be remembered over a restart")
            return MemoryStore(clock())
        if store.recovered:
            self._trouble(store.recovered)
        return store

    def _strays(self, now: Instant) -> Iterator[tuple[Place, Instant]]:
        """Yield what the kernel holds, if the last run may have left bans that nothing else knows of.

        Asked after the remembered bans were taken up: if those are very many, reading back takes longer than
        it is worth (0.4 s for 100,000, 37 s for a million, seen with Linux 6.18).
        """
        if self._store.was_clean or sum(jail.banned for jail in self._loop.engine.status()) > MOST_STRAYS:
            return
        with suppress(EnforceError):  # nothing of ours is there yet, or the first wish will say what is wrong
            yield from self._loop.world.firewall.bans(now)

    def _start(self, path: str, probe: Probe) -> int:
        """Say where to begin in a log that was never read: no jail looks further back than its findtime."""
        now, names = clock(), self.jails_of(path)
        jails = [jail for jail in self._jails if jail.name in names]
        return min((self._start_of(jail, probe, now) for jail in jails), default=0)

    def _start_of(self, jail: JailConfig, probe: Probe, now: Instant) -> int:
        def date_of(line: bytes) -> Instant | None:
            return self._scanner.date_of(line, jail.name, now)

        return find_start(probe, date_of, Instant(now - jail.findtime))

    def _sources(self) -> list[SourceState]:
        return [
            SourceState(
                state.path, state.error or ("read" if state.is_there else "not there yet"), state.behind
            )
            for state in self._source.status()
        ]

    def _trouble(self, text: str) -> None:
        self._log.note(Note(Topic.TROUBLE, clock(), text=text))


def _most_scanners(configured: int | None) -> int:
    """Return how many scanners there may be: two at least, so that no source waits for a stuck one."""
    return max(2, os.cpu_count() or 1) if configured is None else configured


def _has_ipv6(allowed: str) -> bool:
    """Return whether IPv6 addresses matter here. Source: fail2ban.conf, allowipv6; Linux's ip-sysctl."""
    if allowed != "auto":
        return allowed == "yes"
    try:
        return DISABLE_IPV6.read_text().strip() == "0"
    except OSError:
        return False


def _paths(jails: Sequence[JailConfig]) -> list[LogPath]:
    """Return what the jails read from files."""
    return [path for jail in jails if not jail.backend.startswith("systemd") for path in jail.logpaths]


def _logs(loaded: Loaded) -> list[Sink]:
    """Return where events go: to standard output for the operator, and to `logtarget` as fail2ban writes."""
    server, zone = loaded.config.server, calendar().zone
    target = server.logtarget.partition("[")[0].strip()
    if target.upper() in STREAMS:
        return [stream_log(target.upper(), zone, server.loglevel)]
    operator = OperatorLog(sys.stdout, zone)
    if not target.startswith("/"):
        operator.note(_complaint(f"logtarget {target} is not served; fail2ban's lines are not written"))
        return [operator]
    try:
        return [FileLog(Path(target), zone, server.loglevel), operator]
    except OSError as error:
        reason = error.strerror or str(error)
        operator.note(_complaint(f"logtarget {target}: {reason}; fail2ban's lines are not written"))
        return [operator]


def _complaint(text: str) -> Note:
    return Note(Topic.TROUBLE, clock(), text=text)


def _spare_collector() -> None:
    """Keep Python's search for garbage away from what stays, and from bursts; it took a tenth of a flood.

    Reference counting frees nearly everything here; 20,000 objects are about what 5,000 bans at once make.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _raise_file_limit() -> None:
    """Take every descriptor we may have: each log file needs one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
