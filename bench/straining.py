"""Experiments with daemons under strain: a backlog, very many addresses, an hour of attack, a trap."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import sshd_log, trials
from bench.attack import address, addresses, flood
from bench.course import Course
from bench.daemon import Daemon, banish, running
from bench.ear import Ear
from bench.errors import TrialError
from bench.figures import Program, Trial
from bench.home import FAILURES, OTHER, TRAP, Home, write
from bench.sizes import Sizes
from bench.trials import Pace

_LAST: Final = 20_000_000
"""The number of the address that fails in the last lines of a log."""

_LINE_BYTES: Final = 109  # of a line of the sshd log, on average
_CHUNK: Final = 100_000
_PATIENCE: Final = 300.0
_AN_HOUR: Final = 3_600
_LOOKS: Final = 30  # at the memory, in an hour

_PRESSED: Final = "findtime = {seconds:g}\nbantime = {seconds:g}\n"
_CRAFTED: Final = "%b %e %H:%M:%S gate trap: no login for " + "a" * 48 + "! from 192.0.2.66\n"


def backlog(course: Course) -> None:
    """Measure how many lines a second a daemon reads that are written at once, into one log and into two."""
    sizes = course.sizes
    for program, make in course.daemons(Program.SSHGUARD):
        count = sizes.backlog if program is Program.BANISH else sizes.backlog // 20
        text = f"{count:,} lines at once in one log, and in two"
        with course.attempt(program, text), course.home(OTHER) as home:
            _backlogs(course, make(home), count)


def _backlogs(course: Course, daemon: Daemon, count: int) -> None:
    turns = itertools.count()
    with running(daemon):
        one = course.repeat(lambda: _backlog(daemon, count, 1, next(turns)))
        course.figures.keep(daemon.name, Trial.ONE_LOG, [count / each for each in one])
        two = course.repeat(lambda: _backlog(daemon, count, 2, next(turns)))
        course.figures.keep(daemon.name, Trial.TWO_LOGS, [2 * count / each for each in two])


def _backlog(daemon: Daemon, count: int, logs: int, turn: int) -> float:
    text = "".join(sshd_log.lines(count, time.time(), seed=10 + turn, span=1)).encode()
    return trials.backlogs(daemon, text, addresses(_LAST + 2 * turn, logs))


def busy(course: Course) -> None:
    """Measure from the line to the kernel while another log has a backlog, all of it an attack too."""
    size = course.sizes.busy_bytes
    for program, make in course.daemons(Program.SSHGUARD):
        text = f"bans one by one, {size >> 20:,} MiB in another log"
        with course.attempt(program, text), course.home(OTHER) as home:
            course.figures.keep(program, Trial.SINGLE_BUSY, _busy(course, make(home)))


def _busy(course: Course, daemon: Daemon) -> list[float]:
    sizes, home = course.sizes, daemon.home
    whom, much = addresses(0, sizes.busy_singles + 1), home.root / "much"
    _check_room(home.root, 3 * sizes.busy_bytes)
    with running(daemon):
        _write_much(much, sizes.busy_bytes)
        return trials.single_bans(
            daemon, whom, _pace(sizes), then=lambda: _add(much, home.other), until=address(_LAST)
        )


def _pace(sizes: Sizes) -> Pace:
    return Pace(sizes.pauses, sizes.patience, sizes.enough)


def _check_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise TrialError(f"there is no room for {size >> 20:,} MiB in {folder.parent}")


def _write_much(path: Path, size: int) -> None:
    lines = sshd_log.lines(size // _LINE_BYTES, time.time(), seed=5, span=1)
    with path.open("w") as log:
        log.writelines(lines)
        log.writelines(flood([address(_LAST)], FAILURES, time.time()))


def _add(source: Path, log: Path) -> None:
    with source.open("rb") as text, log.open("ab") as end:
        shutil.copyfileobj(text, end, 1 << 24)
    source.unlink()


def trapped(course: Course) -> None:
    """Measure from the line to the kernel while the expression of another jail explodes on a line."""
    for program, make in course.daemons():
        text = "bans one by one, an expression explodes in another jail"
        with course.attempt(program, text), course.home(TRAP) as home:
            daemon = replace(make(home), farewell=2.0)  # who is caught in an expression cannot hear
            course.figures.keep(program, Trial.SINGLE_TRAPPED, _trapped(course, daemon))


def _trapped(course: Course, daemon: Daemon) -> list[float]:
    whom = addresses(0, course.sizes.trapped_singles + 1)
    with running(daemon):
        return trials.single_bans(daemon, whom, _pace(course.sizes), then=lambda: _spring(daemon.home))


def _spring(home: Home) -> None:
    write(home.other, time.strftime(_CRAFTED).encode())


def failing(course: Course) -> None:
    """Measure the memory after very many addresses have failed once each."""
    count = course.sizes.failing
    for program, make in course.daemons():
        with course.attempt(program, f"{count:,} failing addresses"), course.home() as home:
            daemon = make(home)
            with running(daemon):
                _read(daemon, flood(addresses(0, count), 1, time.time()))
                time.sleep(course.sizes.calm)
                course.figures.keep(program, Trial.FAILING, [float(daemon.memory().now)])


def _read(daemon: Daemon, lines: Iterable[str]) -> None:
    """Wait until these lines have been read."""
    last = [address(_LAST)]
    with Ear() as ear:
        daemon.home.append(lines)
        daemon.home.append(flood(last, FAILURES, time.time()))
        ear.await_all(last, _PATIENCE)


def hour(course: Course) -> None:
    """Measure the memory through an hour of attack, pressed into less, as are all spans in it."""
    seconds, speed = course.sizes.hour, _AN_HOUR / course.sizes.hour
    pressed = _PRESSED.format(seconds=600 / speed)
    with (
        course.attempt(Program.BANISH, f"an hour of attack in {seconds} seconds"),
        course.home(pressed) as home,
    ):
        daemon = banish(home)
        with running(daemon):
            samples = _attack(daemon, seconds, course.sizes.hour_lines * _AN_HOUR)
            course.figures.keep(daemon.name, Trial.HOUR, samples)


def _attack(daemon: Daemon, seconds: int, count: int) -> list[float]:
    """Write so many lines evenly; returns the memory at even intervals."""
    begun = time.monotonic()
    lines = sshd_log.lines(count, time.time() + seconds, seed=6, span=seconds)
    samples = []
    for look in range(1, _LOOKS + 1):
        time.sleep(max(0.0, begun + look * seconds / _LOOKS - time.monotonic()))
        samples.append(float(daemon.memory().now))
        daemon.home.append(itertools.islice(lines, count // _LOOKS))
    return samples
