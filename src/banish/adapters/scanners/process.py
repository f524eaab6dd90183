"""One scanner as the daemon sees it: born, given blocks, watched, ended."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from banish.adapters.scanners.channel import Channel
from banish.adapters.scanners.child import Work, fork
from banish.adapters.scanners.frames import Answer, Part, Ready, Refused, Task, pack_task, read_part
from banish.adapters.scanners.history import Past
from banish.adapters.scanners.progress import Step
from banish.adapters.scanners.watchdog import Watchdog
from banish.core.errors import PeerError
from banish.core.expression import Expression
from banish.core.match import Findings

MOST_AHEAD: Final = 2  # blocks, all of one source: the next is there when the first is done


@dataclass(eq=False, slots=True)
class Job:
    """A block to be scanned, and who waits for it.

    `lines` are the numbers of its lines in the block that it is a piece of; it waits `since` then, by the
    loop's clock. `losses` counts the scanners it has cost; after the first it is scanned carefully. `suspect`
    is what the last of them was at.
    """

    past: Past
    lines: range
    done: asyncio.Future[Findings]
    since: float
    losses: int = 0
    suspect: Expression | None = None
    findings: Findings = field(default_factory=Findings)

    @property
    def source(self) -> str:
        """Whose lines these are."""
        return self.past.lines.source


class Owner(Protocol):
    """Who is told about a scanner."""

    def is_ready(self, walls: Ready) -> None:
        """Hear that it has given up its rights."""

    def has_answered(self, scanner: ScannerProcess, job: Job) -> None:
        """Hear that its first job is done."""

    def has_overrun(self, scanner: ScannerProcess) -> None:
        """Hear that its first job took too long, and that it was ended."""

    def is_lost(self, scanner: ScannerProcess, reason: str) -> None:
        """Hear that it ended, or was ended because of what it said."""


class ScannerProcess:
    """A scanner; `OSError` if there can be none.

    `known` says by source up to which block of the history it has read. One that `is_outdated` is not given
    anything more.
    """

    def __init__(self, work: Work, owner: Owner, *, is_careful: bool) -> None:
        self._work, self._owner = work, owner
        self.is_careful = is_careful
        self.is_ready, self.is_outdated = False, False
        self.jobs: deque[Job] = deque()
        self.known: dict[str, int] = {}
        self._loads: deque[int] = deque()
        self._sent = self._answered = 0
        self._lesson = 0  # what it may still have to read before its next job
        self._loop = asyncio.get_running_loop()
        self.idle_since = self._loop.time()
        self._channel = Channel(self._hear, self._end)
        try:
            self.pid = fork(work, self._channel.theirs.fileno())
            self._process = os.pidfd_open(self.pid)
        except OSError:
            self._channel.close()
            raise
        self._is_over = False
        self._watchdog = Watchdog(self.pid, work.progress if is_careful else None, self._overrun)
        self._loop.add_reader(self._process, self._reap)
        self._channel.open()

    def has(self, source: str) -> bool:
        """Whether it has a block of this source."""
        return bool(self.jobs) and self.jobs[0].source == source

    def takes(self, source: str) -> bool:
        """Whether one more block of this source may be given."""
        has_room = not self.jobs or (len(self.jobs) < MOST_AHEAD and self.has(source))
        return has_room and not self.is_outdated

    def give(self, job: Job, missed: Iterable[Past]) -> None:
        """Have a block scanned, after the lines before it that are not known yet."""
        self._loads.append(self._lesson + self._send_silently(missed) + _load(job.past))
        self._lesson = 0
        self._sent += 1
        self.jobs.append(job)
        self._send(self._sent, job.past, wants_answer=True)
        if len(self.jobs) == 1:
            self._watchdog.start(self._loads[0])

    def teach(self, missed: Iterable[Past]) -> None:
        """Have lines read that others have been asked about; nothing is heard of it."""
        self._lesson = max(self._lesson, self._send_silently(missed))  # it has read those before

    def step(self) -> Step | None:
        """Return where a careful scanner is, or was, in its first block."""
        step = self._work.progress.read() if self.is_careful else None
        return step if step and step.task == self._answered + 1 else None

    @property
    def is_buried(self) -> bool:
        """Whether nothing is left of the process."""
        return self._process < 0

    def kill(self) -> None:
        """End it at once; nothing more is heard of it."""
        if not self._is_over:
            self._is_over = True
            self._watchdog.stop()
            self._channel.close()
            self._strike()

    def bury(self) -> None:
        """End it and wait until it is no more."""
        self.kill()
        if not self.is_buried:
            self._collect()

    def _send_silently(self, missed: Iterable[Past]) -> int:
        """Send what nothing is to be heard of; returns how much work that is."""
        load = 0
        for past in missed:
            load += _load(past)
            self._send(0, past, wants_answer=False)
        return load

    def _send(self, number: int, past: Past, *, wants_answer: bool) -> None:
        lines = past.lines
        jails = [self._work.jails.index(name) for name in past.jails]
        task = Task(number, lines.source, lines.live, past.now, jails, wants_answer)
        self._channel.send(pack_task(task, lines.block))

    def _hear(self, answer: Answer) -> None:
        match answer:
            case Ready():
                self.is_ready = True
                self._owner.is_ready(answer)
            case Refused():
                self._end(answer.reason)
            case Part():
                self._take(answer)

    def _take(self, part: Part) -> None:
        if not self.jobs or part.number != self._answered + 1:
            raise PeerError("an answer to what was not asked")
        job = self.jobs[0]
        read_part(part, job.findings, job.past.jails, self._work.jails, job.lines)
        if not part.is_last:
            return
        self.jobs.popleft()
        self._loads.popleft()
        self._answered += 1
        if self.jobs:
            self._watchdog.start(self._loads[0])
        else:
            self._watchdog.stop()
            self.idle_since = self._loop.time()
        self._owner.has_answered(self, job)

    def _overrun(self) -> None:
        self.kill()
        self._owner.has_overrun(self)

    def _end(self, reason: str) -> None:
        """End it because of what it said; if it said nothing, the kernel will say why."""
        if self._is_over:
            return
        if reason:
            self.kill()
            self._owner.is_lost(self, reason)
        else:
            self._watchdog.stop()
            self._strike()

    def _strike(self) -> None:
        if not self.is_buried:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def _reap(self) -> None:
        reason = self._collect()
        if not self._is_over:
            self.kill()
            self._owner.is_lost(self, reason)

    def _collect(self) -> str:
        """Take what is left of the process, and say how it ended."""
        self._loop.remove_reader(self._process)
        result = os.waitid(os.P_PIDFD, self._process, os.WEXITED)
        os.close(self._process)
        self._process = -1
        status = result.si_status if result else 0
        if result and result.si_code == os.CLD_EXITED:
            return f"ended with status {status}"
        return f"killed by signal {status}"


def _load(past: Past) -> int:
    return len(past.lines.block) * len(past.jails)
