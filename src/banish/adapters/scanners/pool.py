"""Matching in unprivileged processes of its own: one at rest, as many as there are processors under load.

A source stays with one scanner as long as that has something of it to do, so its lines keep their order. A
block is given up by the daemon only when it is answered: a scanner that dies or is stuck costs time, and no
line. What it was stuck at is found by scanning the same block again, carefully, and left out.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from banish.adapters.scanners.child import Scans, Work
from banish.adapters.scanners.confine import nobody
from banish.adapters.scanners.frames import Ready
from banish.adapters.scanners.history import History, Past
from banish.adapters.scanners.process import Job, ScannerProcess
from banish.adapters.scanners.progress import Progress, Step
from banish.adapters.scanners.quarantine import Quarantine
from banish.core.errors import RefusedError
from banish.core.expression import Expression, Watch
from banish.core.match import Findings
from banish.core.model import Instant, Lines
from banish.core.rules import Program

Make: TypeAlias = "Callable[[frozenset[Expression], Watch | None], Scans]"
"""Makes what scans, without these expressions, and telling before each try if there is somebody to tell."""

PIECE: Final = 128 << 10  # bytes scanned at a time, so that it is noticed soon if one of them takes too long
_PATIENCE: Final = 0.02  # seconds that a block waits for a scanner before there is one more
_LITTLE: Final = 64 << 10  # bytes that an idle scanner reads along with another, some 15 ms of work
_LONGEST_BIRTH: Final = 20.0  # seconds; usually it takes milliseconds
_REST: Final = 30.0  # seconds without work after which a scanner is one too many
_MOST_LOSSES: Final = 4  # of scanners by one block, with nothing found to leave out; then the block is
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0  # seconds before the next try, if scanners cannot even begin


class ScannerPool:
    """At most `most` scanners for the jails of a program (and one more for a block that cost one).

    `tell` hears, in words, what an operator should know.
    """

    def __init__(self, program: Program, make: Make, most: int, tell: Callable[[str], None]) -> None:
        self._jails = tuple(rules.jail.name for rules in program)
        self._make, self._most, self._tell = make, most, tell
        self._quarantine = Quarantine(rules.jail for rules in program)
        self._history = History()
        self._account = nobody()
        self._scanners: list[ScannerProcess] = []
        self._unburied: list[ScannerProcess] = []  # the dead among them are waited for
        self._waiting: deque[Job] = deque()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._failures = 0
        self._started: asyncio.Future[None] | None = None
        self._is_closed = False

    async def open(self) -> None:
        """Have one scanner ready; `RefusedError` if none can give up its rights."""
        self._started = asyncio.get_running_loop().create_future()
        self._spawn()
        try:
            await asyncio.wait_for(self._started, _LONGEST_BIRTH)
        except TimeoutError:
            raise RefusedError(f"no scanner was ready within {_LONGEST_BIRTH:g} s") from None

    async def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        """Hold every line of a block against the rules of `jails`, somewhere."""
        jobs = list(self._jobs(lines, jails, now))
        self._waiting += jobs
        self._dispatch()
        findings = Findings()
        for job in jobs:
            found = await job.done
            findings.hits += found.hits
            findings.notes += found.notes
        return findings

    def processes(self) -> tuple[int, ...]:
        """Return the process ids of the scanners."""
        return tuple(scanner.pid for scanner in self._scanners)

    def left_out(self) -> tuple[str, ...]:
        """Return what is said of each expression that is not used any more."""
        return self._quarantine.reports()

    def close(self) -> None:
        """End all scanners; what was not answered never will be."""
        self._is_closed = True
        for timer in self._timers.values():
            timer.cancel()
        jobs = [*self._waiting, *(job for scanner in self._scanners for job in scanner.jobs)]
        for scanner in self._unburied:
            scanner.kill()
        for scanner in self._unburied:
            scanner.bury()
        self._scanners.clear()
        self._waiting.clear()
        for job in jobs:
            job.done.cancel()

    # ---------------------------------------------------------------------------------- what scanners say

    def is_ready(self, walls: Ready) -> None:
        """Begin, or go on."""
        if self._started is not None and not self._started.done():
            self._started.set_result(None)
            missing = [name for name in ("landlock", "seccomp") if not getattr(walls, name)]
            if missing:
                self._tell(
                    f"scanners run as user {walls.user}, but this kernel has no {' and no '.join(missing)}"
                )
        self._dispatch()

    def has_answered(self, scanner: ScannerProcess, job: Job) -> None:
        """Hand over what was found."""
        self._failures = 0
        number = scanner.known[job.source] = self._history.add(job.past)
        if not job.losses:
            self._teach_idle(job.source, number)
        if not job.done.done():
            job.done.set_result(job.findings)
        if scanner.is_outdated and not scanner.jobs:
            self._retire(scanner)
        self._dispatch()

    def has_overrun(self, scanner: ScannerProcess) -> None:
        """Scan its blocks again, the first one carefully; leave out what a careful one was at."""
        if step := scanner.step():
            self._leave_out(scanner.jobs[0], step, "took too long")
        self._lose(scanner)

    def is_lost(self, scanner: ScannerProcess, reason: str) -> None:
        """Scan its blocks again; leave out what two careful ones died of."""
        if not scanner.is_ready:
            self._fail(scanner, reason)
            return
        if scanner.known or scanner.jobs:
            self._tell(f"scanner {scanner.pid} {reason}; its work is done again")
        else:  # perhaps somebody ends them as fast as they come
            self._pause(f"scanner {scanner.pid} {reason}")
        if step := scanner.step():
            job = scanner.jobs[0]
            if step.expression == job.suspect:
                self._leave_out(job, step, "ended two scanners")
            job.suspect = step.expression
        self._lose(scanner)

    # ---------------------------------------------------------------------------------------------- losses

    def _leave_out(self, job: Job, step: Step, fault: str) -> None:
        """Have nobody try an expression again; those that still would are given nothing more."""
        line = job.past.lines.block.split(b"\n")[step.line : step.line + 1]
        self._tell(self._quarantine.add(step.expression, b"".join(line), fault))
        job.losses = 0
        for scanner in tuple(self._scanners):
            scanner.is_outdated = True
            if not scanner.jobs:
                self._retire(scanner)

    def _lose(self, scanner: ScannerProcess) -> None:
        """Take back what a scanner had not answered."""
        jobs = list(scanner.jobs)
        scanner.jobs.clear()
        self._forget(scanner)
        for job in jobs:
            job.findings = Findings()
        if jobs:
            jobs[0].losses += 1
            if jobs[0].losses >= _MOST_LOSSES:
                self._give_up(jobs.pop(0))
        self._waiting.extendleft(reversed(jobs))
        self._dispatch()

    def _give_up(self, job: Job) -> None:
        """Go on without a block that nobody survives: the lines behind it matter more."""
        self._tell(f"{job.source}: {len(job.lines)} lines cost {job.losses} scanners and are passed over")
        if not job.done.done():
            job.done.set_result(Findings())

    def _fail(self, scanner: ScannerProcess, reason: str) -> None:
        """Deal with a scanner that could not even begin."""
        if self._started is not None and not self._started.done():
            self._forget(scanner)
            cure = "with --in-process lines are matched without one"
            self._started.set_exception(RefusedError(f"no scanner can run: {reason}; {cure}"))
            return
        self._pause(f"a scanner could not begin: {reason}")
        if scanner.jobs:
            scanner.jobs[0].losses -= 1  # it is not to blame
        self._lose(scanner)

    def _pause(self, trouble: str) -> None:
        """Wait before the next scanner is tried, longer each time."""
        pause = min(_FIRST_PAUSE * 2**self._failures, _LONGEST_PAUSE)
        self._failures += 1
        self._tell(f"{trouble}; tried again in {pause:g} s")
        self._set_timer("birth", pause, self._dispatch)

    # ---------------------------------------------------------------------------------------------- blocks

    def _jobs(self, lines: Lines, jails: Sequence[str], now: Instant) -> Iterator[Job]:
        """Yield the block in pieces."""
        loop, first = asyncio.get_running_loop(), 0
        for block in _pieces(lines.block):
            count = block.count(b"\n")
            past = Past(replace(lines, block=block), jails, now)
            yield Job(past, range(first, first + count), loop.create_future(), loop.time())
            first += count

    def _dispatch(self) -> None:
        """Give every block that waits to a scanner, as far as there is one; who waited longer goes first."""
        if self._is_closed:
            return
        if not self._usual():
            self._spawn()
        waiting, self._waiting = self._waiting, deque()
        held: set[str] = set()
        reserved: set[ScannerProcess] = set()
        for job in waiting:
            scanner = None if job.source in held else self._choose(job, reserved)
            if scanner is not None:
                scanner.give(job, self._history.since(job.source, scanner.known.get(job.source, 0)))
            else:
                held.add(job.source)
                self._waiting.append(job)
        if self._waiting:
            self._set_timer("growth", _PATIENCE, self._grow)
        if self._lacks_spare():
            self._set_timer("spare", _PATIENCE, self._add)

    def _teach_idle(self, source: str, number: int) -> None:
        """Have idle scanners read along while it is little, so that they know it when they are asked."""
        for scanner in self._usual():
            if scanner.is_ready and not scanner.jobs and not scanner.is_outdated:
                missed = self._history.since(source, scanner.known.get(source, 0))
                if sum(len(past.lines.block) for past in missed) <= _LITTLE:
                    scanner.teach(missed)
                    scanner.known[source] = number

    def _choose(self, job: Job, reserved: set[ScannerProcess]) -> ScannerProcess | None:
        """Return who takes a block, if anybody does now; else whoever it waits for is `reserved`."""
        busy = next((each for each in self._scanners if each.has(job.source)), None)
        if busy is not None:
            can_more = busy.takes(job.source) and not job.losses and busy not in reserved
            return busy if can_more else None
        if job.losses:
            return self._spawn(is_careful=True)
        wanted = self._wanted(job)
        free = next((each for each in wanted if each.takes(job.source) and each not in reserved), None)
        if free is None:
            reserved.update(wanted)
        return free

    def _wanted(self, job: Job) -> Sequence[ScannerProcess]:
        """Return the scanner that knows a source, or, when that takes too long, all of them, it first.

        Those that have not begun yet take longest.
        """
        ready = [each for each in self._scanners if each.is_ready] or self._scanners
        by_knowledge = sorted(ready, key=lambda each: -each.known.get(job.source, 0))
        is_at_home = bool(by_knowledge) and job.source in by_knowledge[0].known
        return by_knowledge[:1] if is_at_home and not self._is_impatient(job) else by_knowledge

    def _is_impatient(self, job: Job) -> bool:
        return asyncio.get_running_loop().time() - job.since >= _PATIENCE

    # -------------------------------------------------------------------------------------------- number

    def _spawn(self, *, is_careful: bool = False) -> ScannerProcess | None:
        """Start a scanner, unless the last ones could not begin and it is too early to try again."""
        if "birth" in self._timers:
            return None
        progress = Progress(self._jails)
        make = partial(self._make, self._quarantine.expressions, progress.watch if is_careful else None)
        try:
            scanner = ScannerProcess(
                Work(make, self._jails, progress, self._account), self, is_careful=is_careful
            )
        except OSError as error:
            self._pause(f"no process for a scanner: {error.strerror}")
            return None
        scanner.is_outdated = is_careful  # its one block is all it gets
        self._scanners.append(scanner)
        self._unburied = [each for each in self._unburied if not each.is_buried]
        self._unburied.append(scanner)
        return scanner

    def _grow(self) -> None:
        """Start one more if somebody has waited for long, and not for his own lines."""
        is_due = any(
            self._is_impatient(job) and not any(each.has(job.source) for each in self._scanners)
            for job in self._waiting
        )
        if is_due:
            self._add()
        self._dispatch()

    def _add(self) -> None:
        if len(self._usual()) < self._most and self._spawn():
            self._set_timer("rest", _REST, self._shrink)

    def _lacks_spare(self) -> bool:
        """Whether backlogs keep all scanners busy while there are more sources: to start one takes 0.1 s."""
        usual = self._usual()
        jobs = (max((len(job.past.lines.block) for job in each.jobs), default=0) for each in usual)
        return len(usual) < min(self._most, len(self._history)) and all(size >= PIECE // 2 for size in jobs)

    def _usual(self) -> list[ScannerProcess]:
        return [each for each in self._scanners if not each.is_careful]

    def _shrink(self) -> None:
        """End those that had nothing to do for long; one stays."""
        oldest = asyncio.get_running_loop().time() - _REST
        for scanner in self._scanners[1:]:
            if not scanner.jobs and scanner.idle_since <= oldest:
                self._retire(scanner)
        if len(self._scanners) > 1:
            self._set_timer("rest", _REST, self._shrink)

    def _retire(self, scanner: ScannerProcess) -> None:
        scanner.kill()
        self._forget(scanner)

    def _forget(self, scanner: ScannerProcess) -> None:
        if scanner in self._scanners:
            self._scanners.remove(scanner)

    def _set_timer(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Call later, unless a timer of that name runs already."""
        if name not in self._timers and not self._is_closed:
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(seconds, self._ring, name, call)

    def _ring(self, name: str, call: Callable[[], None]) -> None:
        del self._timers[name]
        call()


def _pieces(block: bytes) -> Iterator[bytes]:
    """Cut a block behind line ends into pieces of about `PIECE` bytes; no line is cut."""
    start = 0
    while len(block) - start > PIECE:
        end = block.rfind(b"\n", start, start + PIECE) + 1 or block.find(b"\n", start + PIECE) + 1
        if not end:
            break
        yield block[start:end]
        start = end
    if start < len(block):
        yield block[start:]
