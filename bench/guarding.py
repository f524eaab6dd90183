"""Experiments with daemons that have nothing against them but attackers: start, bans, restarts, memory."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Final

from bench import trials
from bench.attack import addresses
from bench.course import Course
from bench.daemon import Daemon, banish, running
from bench.figures import Program, Trial
from bench.home import every_jail
from bench.past import fill_set_of_peer, remember
from bench.trials import Pace

LATER: Final = 10_000_000
"""The number of the first address that was not banned before."""


def start(course: Course) -> None:
    """Measure from the command to readiness, and the memory then; with sshd alone, and with all jails."""
    for program, make in course.daemons(Program.SSHGUARD):
        with course.attempt(program, "start"), course.home() as home:
            _ready(course, make(home), Trial.READY, Trial.IDLE)
    if (peer := course.peer) is not None:
        for program, make in course.daemons():
            with course.attempt(program, "start with all stock jails"), course.home(every_jail(peer)) as home:
                _ready(course, make(home), Trial.READY_STOCK, Trial.IDLE_STOCK)


def _ready(course: Course, daemon: Daemon, ready: Trial, idle: Trial) -> None:
    for _ in range(course.sizes.runs):
        with running(daemon) as taken:
            time.sleep(course.sizes.calm)
            course.figures.keep(daemon.name, ready, [taken])
            course.figures.keep(daemon.name, idle, [float(daemon.memory().now)])


def single(course: Course) -> None:
    """Measure from the line to the kernel, one after the other; fail2ban also with a full set."""
    sizes = course.sizes
    for program, make in course.daemons(Program.SSHGUARD):
        bans = sizes.singles if program is Program.BANISH else sizes.singles_of_peer
        with course.attempt(program, f"{bans} bans one by one"), course.home() as home:
            daemon = make(home)
            with running(daemon):
                course.figures.keep(program, Trial.SINGLE, _singles(course, daemon, 0, bans))
                if program is Program.FAIL2BAN:
                    course.tell(f"{program}: the same with {sizes.pasts[-1]:,} in the set, put there by nft")
                    fill_set_of_peer(LATER, sizes.pasts[-1])
                    samples = _singles(course, daemon, bans + 1, min(bans, sizes.in_full))
                    course.figures.keep(program, Trial.SINGLE_FULL, samples)


def _singles(course: Course, daemon: Daemon, first: int, bans: int) -> list[float]:
    sizes = course.sizes
    pace = Pace(sizes.pauses, sizes.patience, sizes.enough)
    return trials.single_bans(daemon, addresses(first, bans + 1), pace)


def flood(course: Course) -> None:
    """Measure very many addresses at once, and a restart with them."""
    for program, make in course.daemons(Program.SSHGUARD):
        text = f"{course.sizes.flood:,} addresses at once"
        with course.attempt(program, text), course.home() as home:
            _flood(course, make(home))


def _flood(course: Course, daemon: Daemon) -> None:
    count, firsts = course.sizes.flood, itertools.count(0, course.sizes.flood)
    with running(daemon):
        taken = course.repeat(lambda: _all_at_once(course, daemon, addresses(next(firsts), count)))
        course.figures.keep(daemon.name, Trial.FLOOD, taken)
        if daemon.name != Program.SSHGUARD:  # which remembers nothing
            whom = addresses(0, next(firsts))
            taken = course.repeat(lambda: trials.restart(daemon, whom))
            course.figures.keep(daemon.name, Trial.AGAIN, taken)


def _all_at_once(course: Course, daemon: Daemon, whom: Sequence[str]) -> float:
    time.sleep(course.sizes.calm)
    return trials.all_at_once(daemon, whom)


def restart(course: Course) -> None:
    """Measure restarts with few, many and very many bans; with the latter memory, and further bans."""
    kinds = (Trial.RESTART_SMALL, Trial.RESTART_MIDDLE, Trial.RESTART_FULL)
    for trial, bans in zip(kinds, course.sizes.pasts, strict=True):
        text = f"restart with {bans:,} bans"
        with course.attempt(Program.BANISH, text), course.home() as home:
            remember(home, bans)
            _restarts(course, banish(home), trial, bans)
    with course.attempt(Program.BANISH, "elements added to a full set"):
        samples = trials.single_elements(course.sizes.pasts[-1], course.sizes.elements)
        course.figures.keep(Program.BANISH, Trial.ELEMENT, samples)


def _restarts(course: Course, daemon: Daemon, trial: Trial, bans: int) -> None:
    with running(daemon):
        taken = course.repeat(lambda: trials.restart_in_full(daemon, bans))
        course.figures.keep(daemon.name, trial, taken)
        if trial is Trial.RESTART_FULL:
            _in_full(course, daemon)


def _in_full(course: Course, daemon: Daemon) -> None:
    time.sleep(course.sizes.calm)
    memory = daemon.memory()
    course.figures.keep(daemon.name, Trial.FULL_MEMORY, [float(memory.now)])
    course.figures.keep(daemon.name, Trial.FULL_PEAK, [float(memory.most)])
    samples = _singles(course, daemon, course.sizes.pasts[-1], course.sizes.in_full)
    course.figures.keep(daemon.name, Trial.SINGLE_FULL, samples)
