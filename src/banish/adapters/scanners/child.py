"""What a scanner process does: give up its rights, then turn blocks into hits until nobody asks any more.

It is forked from the daemon, so that it shares the memory of the rules and is there in milliseconds. It runs
nothing but this module's loop: no event loop, no threads, no files, and it never returns.
"""

from __future__ import annotations

import gc
import os
import signal
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol

from banish.adapters.scanners.confine import Account, StillPrivilegedError, close_all_but, confine
from banish.adapters.scanners.frames import (
    LENGTHS_SIZE,
    Ready,
    Refused,
    Task,
    pack_answer,
    pack_findings,
    task_size,
    unpack_task,
)
from banish.adapters.scanners.progress import Progress
from banish.core.match import Findings
from banish.core.model import Cursor, Instant, Lines

_LARGEST_READ: Final = 1 << 20
_LONGEST_REASON: Final = 500
_IGNORED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # meant for the daemon, which ends us
_DEFAULT: Final = (
    *(signal.SIGCHLD, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2),
    *(signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL),  # faulthandler's
)


class Scans(Protocol):
    """What scans blocks."""

    def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        """Hold every line of a block against the rules of these jails."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a scanner is forked with."""

    make: Callable[[], Scans]
    jails: Sequence[str]
    progress: Progress
    account: Account


def fork(work: Work, descriptor: int) -> int:
    """Start a scanner that talks through `descriptor`; returns its id. May raise `OSError`."""
    parent = os.getpid()
    # A signal between the fork and the first lines of the child would run the handlers of the daemon there.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        with warnings.catch_warnings():
            # Other threads may exist; the child touches nothing that they could have locked.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _live(work, descriptor, parent)
        return pid
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live(work: Work, descriptor: int, parent: int) -> NoReturn:
    """Run, and end without any of the daemon's own farewells."""
    status = 1
    try:
        gc.freeze()  # what came from the daemon is not looked through for garbage, and so stays shared
        _forget_signals()
        close_all_but(descriptor)
        scanner = work.make()
        walls = confine(work.account, parent)
        _write(descriptor, pack_answer(Ready(walls.user, walls.landlock, walls.seccomp)))
        serve(descriptor, scanner, work)
        status = 0
    except StillPrivilegedError as error:
        _refuse(descriptor, str(error))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the daemon is told
        _refuse(descriptor, f"{type(error).__name__}: {error}")
    finally:
        os._exit(status)


def _forget_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in _DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _refuse(descriptor: int, reason: str) -> None:
    try:
        _write(descriptor, pack_answer(Refused(reason[:_LONGEST_REASON])))
    except OSError:
        return  # nobody listens


def serve(descriptor: int, scanner: Scans, work: Work) -> None:
    """Scan what comes until the daemon closes its end."""
    while lengths := _read(descriptor, LENGTHS_SIZE):
        head_size, block_size = task_size(lengths)
        task = unpack_task(_read(descriptor, head_size))
        _scan(descriptor, scanner, work, task, _read(descriptor, block_size))


def _scan(descriptor: int, scanner: Scans, work: Work, task: Task, block: bytes) -> None:
    lines = Lines(task.source, block, Cursor(task.source, ""), task.live)
    work.progress.task = task.number
    findings = scanner.scan(lines, [work.jails[number] for number in task.jails], Instant(task.now))
    if task.wants_answer:
        for part in pack_findings(task.number, findings, work.jails):
            _write(descriptor, part)


def _read(descriptor: int, size: int) -> bytes:
    """Read exactly so many bytes; nothing if the other side has closed."""
    pieces = []
    while size:
        piece = os.read(descriptor, min(size, _LARGEST_READ))
        if not piece:
            return b""
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
