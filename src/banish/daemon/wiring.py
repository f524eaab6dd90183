"""Put the daemon together: the only place that names concrete adapters."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from glob import has_magic
from pathlib import Path
from typing import Final

from banish.adapters.firewalls.memory import Memory as MemoryFirewall
from banish.adapters.firewalls.nftables import Nftables
from banish.adapters.oracle import open_oracle
from banish.adapters.scanners.local import LocalMatcher
from banish.adapters.scanners.pool import ScannerPool
from banish.adapters.scripts.briefing import Archive
from banish.adapters.scripts.none import NoScripts
from banish.adapters.scripts.runner import ScriptRunner
from banish.adapters.sources.file import FileSource
from banish.adapters.sources.journal import JournalSource
from banish.adapters.sources.lookback import Probe, find_start
from banish.adapters.sources.patterns import matches
from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.compat import FAIL2BAN_VERSION
from banish.compat.hittags import shell_words
from banish.compat.loglines import INFO, LogLine
from banish.core.config import JailConfig, LogPath
from banish.core.engine import Engine
from banish.core.errors import EnforceError
from banish.core.expression import Expression, Watch
from banish.core.jail import JailStatus
from banish.core.match import Scanner
from banish.core.model import Ban, Instant, LookAround, Memory, Note, Place, Subject, Topic
from banish.core.rules import Program, reads_alike, stamped
from banish.daemon.configuration import Loaded, calendar
from banish.daemon.control import Control, SourceState
from banish.daemon.household import Household
from banish.daemon.inquiries import name_of, queries, since_of
from banish.daemon.jailer import Jailer
from banish.daemon.journaling import Journaling
from banish.daemon.keeper import Keeper
from banish.daemon.loop import Loop, Plan, World
from banish.daemon.ports import Firewall, Matcher, Source
from banish.daemon.remembering import open_store
from banish.daemon.steering import Steering

DISABLE_IPV6: Final = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
MOST_HISTORY: Final = 100  # bans of one subject that actions are told of
MOST_STRAYS: Final = 100_000  # with more bans remembered, the kernel is not asked for forgotten ones
TURN: Final = 0.0005  # seconds a thread has to wait for another; Python's own 5 ms add up in a flood
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
        self._in_process = in_process
        server = self._server
        self._log = Journaling(
            server.logtarget, server.loglevel, calendar().zone, clock(), syslogsocket=server.syslogsocket
        )
        firewall: Firewall = MemoryFirewall() if dry_run else Nftables()
        self._store = MemoryStore(clock()) if dry_run else self._open_store(loaded)
        self._take(loaded.program)
        self._matcher = self._open_matcher(loaded.program)
        oracle = open_oracle(self._trouble, has_ipv6=_has_ipv6(self._server.allowipv6), expand=shell_words)
        self._scripts = NoScripts() if dry_run else self._open_scripts(Path(loaded.directory))
        keeper = Keeper(self._store, self._log)
        world = World(self._matcher, firewall, keeper, oracle, self._log, clock, self._scripts)
        self._loop = Loop(Engine(random.random), self._plan(), world)
        self._source, self._journal = self._open_sources()
        self._reading: list[asyncio.Task[None]] = []
        self._tasks = asyncio.TaskGroup()
        self.control = Control(self._loop, loaded, clock(), self._sources)
        self.steering = Steering(loaded, self.adopt)
        self.jailer = Jailer(self._loop)
        self.household = Household(self._server, self._log, self._stop, self.files_of, self._store.bound)

    async def start(self) -> None:
        """Take up what is remembered and enforce it; `EnforceError` if that is not possible.

        The scanner comes first, while there is little in memory that it would share; `RefusedError` if there
        can be none.
        """
        self._say("server", "-" * 50)
        self._say("server", f"Starting Fail2ban v{FAIL2BAN_VERSION}")
        _raise_file_limit()
        sys.setswitchinterval(TURN)
        _spare_collector()  # before the fork: what it touched later would no longer be shared
        await self._matcher.open()
        now = clock()
        memory = replace(self._store.load(now), strays=self._strays(now))
        self._loop.perform(self._loop.engine.adopt(self._program, now, memory))
        if self._loop.trouble:
            raise EnforceError(self._loop.trouble)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loop.settle(), ANSWERS)
        self._scripts.adopt(self._jails, self.jailer.bans)
        for jail in self._jails:
            self._say("jail", f"Jail '{jail.name}' started")
        _spare_collector()
        await self._loop.world.oracle.answer(LookAround())  # the first look takes ten times as long as others

    async def guard(self) -> None:
        """Read and ban until cancelled."""
        async with self._tasks:
            self._tasks.create_task(self._loop.watch())
            self._read()

    def _read(self) -> None:
        sources: tuple[Source, ...] = (self._source, self._journal)
        self._reading = [self._tasks.create_task(self._loop.read(source)) for source in sources]

    async def adopt(self, loaded: Loaded, *, is_reload: bool = False, restarts: Collection[str] = ()) -> None:
        """Run another configuration from now on: bans, failures and what was read of the logs stay.

        Not taken over before the next start are the settings of the server. `RefusedError` if there can be no
        scanners for it; all is as before then.
        """
        old = {jail.name for jail in self._jails}
        if not reads_alike(self._program, loaded.program):
            await self._read_anew(loaded.program)
        self._take(loaded.program)
        self._loop.follow(self._plan(), self._matcher)
        now = clock()
        known = self._loop.world.keeper.written(now).load(now).bans
        new = (each for each in known if each[0].jail not in old)
        self._loop.perform(self._loop.engine.adopt(loaded.program, now, Memory(bans=new)))
        self._scripts.adopt(self._jails, self.jailer.bans, is_reload=is_reload, restarts=restarts)
        self.control.adopt(loaded)
        running = {jail.name for jail in self._jails}
        for name in sorted(old | running):
            what = "reloaded" if name in old & running else "started" if name in running else "stopped"
            self._say("jail" if what != "reloaded" else "server", f"Jail '{name}' {what}")

    async def _read_anew(self, program: Program) -> None:
        """Have other lines read, or by other rules, from where reading stopped."""
        matcher = self._open_matcher(program)
        await matcher.open()
        for task in self._reading:
            task.cancel()
        if self._reading:
            await asyncio.wait(self._reading)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loop.settle(), ANSWERS)  # what waits for an answer holds its cursor
        self._loop.perform(self._loop.engine.stop())
        self._source.close()
        self._journal.close()
        self._matcher.close()
        self._matcher = matcher
        self._take(program)
        self._loop.follow(self._plan(), matcher)
        self._source, self._journal = self._open_sources()
        if self._reading:
            self._read()

    async def close(self) -> None:
        """Remember everything; bans stay in force or end, as configured."""
        self._say("server", "Shutdown in progress...")
        self._source.close()
        self._journal.close()
        self._matcher.close()
        self._loop.perform(self._loop.engine.stop())
        await self._loop.close()
        await self._scripts.close()
        with suppress(EnforceError):
            self._loop.world.firewall.close(keep=self._server.bans_on_stop == "keep")
        self._store.close()
        for jail in self._jails:
            self._say("jail", f"Jail '{jail.name}' stopped")
        self._say("server", "Exiting Fail2ban")
        self._log.close()

    def files_of(self, jail: str) -> list[str]:
        """Return the log files that a jail reads, or would read if they were there."""
        plain = [log.pattern for log in _paths(self._jails, jail) if not has_magic(log.pattern)]
        found = [state.path for state in self._source.status() if jail in self.jails_of(state.path)]
        return list(dict.fromkeys((*plain, *found)))

    def jails_of(self, path: str) -> Sequence[str]:
        """Return the jails that read a file, or what a query finds in the journal."""
        if path not in self._routes:
            self._routes[path] = tuple(
                jail.name
                for jail in self._jails
                if (jail.reads_journal and name_of(jail) == path)
                or any(path == log.pattern or matches(log.pattern, path) for log in _paths([jail]))
            )
        return self._routes[path]

    # ---------------------------------------------------------------------------------------- details

    def _take(self, program: Program) -> None:
        self._program = program
        self._jails = [rules.jail for rules in program]
        self._routes: dict[str, tuple[str, ...]] = {}
        self._scanner = Scanner(stamped(program))

    def _plan(self) -> Plan:
        return Plan(self.jails_of, {jail.name: jail.scopes for jail in self._jails})

    def _open_sources(self) -> tuple[FileSource, JournalSource]:
        cursors = self._loop.world.keeper.cursors()
        files = FileSource(_paths(self._jails), cursors, self._start, self._trouble)
        since = partial(since_of, self._jails, clock())
        journal = JournalSource(queries(self._jails), cursors, since, calendar().zone, notice=self._trouble)
        return files, journal

    def _stop(self) -> None:
        """Stop as if a signal had said so: whoever runs the daemon waits for those."""
        os.kill(os.getpid(), signal.SIGTERM)

    def _open_matcher(self, program: Program) -> Matcher:
        program = stamped(program)
        most = _most_scanners(self._server.scanners)
        if self._in_process or not most:
            return LocalMatcher(Scanner(program, tells_all=False))

        def make(skip: frozenset[Expression], watch: Watch | None) -> Scanner:
            return Scanner(program, skip=skip, watch=watch, tells_all=False)

        return ScannerPool(program, make, most, self._trouble)

    def _open_scripts(self, root: Path) -> ScriptRunner:
        archive = Archive(self._history, self._status, self._server.dbmaxmatches)
        return ScriptRunner(
            self._trouble, archive=archive, root=root, is_after_crash=not self._store.was_clean
        )

    def _history(self, subject: Subject) -> Sequence[Ban]:
        return self._loop.world.keeper.written(clock()).history(subject, MOST_HISTORY)

    def _status(self, jail: str) -> JailStatus:
        return self.jailer.status(jail)

    def _open_store(self, loaded: Loaded) -> SqliteStore:
        lengths = {rules.jail.name: rules.jail.bantime for rules in loaded.program}
        return open_store(self._server, lengths, self._tell, clock())

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
        files = (
            SourceState(
                state.path, state.error or ("read" if state.is_there else "not there yet"), state.behind
            )
            for state in self._source.status()
        )
        journal = (SourceState(state.name, state.error or "read", 0) for state in self._journal.status())
        return [*files, *journal]

    def _say(self, module: str, text: str) -> None:
        """Write into fail2ban's log what its readers look for."""
        self._log.line(LogLine(module, INFO, text))

    def _trouble(self, text: str) -> None:
        self._tell(Topic.TROUBLE, text)

    def _tell(self, topic: Topic, text: str) -> None:
        self._log.note(Note(topic, clock(), text=text))


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


def _paths(jails: Sequence[JailConfig], name: str = "") -> list[LogPath]:
    """Return what the jails, or the one of this name, read from files."""
    reading = (jail for jail in jails if not jail.reads_journal and name in {"", jail.name})
    return [path for jail in reading for path in jail.logpaths]


def _spare_collector() -> None:
    """Keep Python's search for garbage away from what stays, and from bursts; it took a tenth of a flood.

    Reference counting frees nearly everything here; 20,000 objects are about what 5,000 bans at once make.
    The middle generation is gone through as soon as it has something: with much in it that took 0.1 s, and
    whoever attacked meanwhile waited. What a longer flood leaves is exempted by the loop.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 0, 500)


def _raise_file_limit() -> None:
    """Take every descriptor we may have: each log file needs one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
