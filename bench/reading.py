"""Experiments with whole logs, read on the command line: how many lines a second, and how long one takes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from bench import access_log, mail_log, readers, sshd_log
from bench.course import Course
from bench.errors import TrialError
from bench.figures import Program, Trial
from bench.growth import grown
from bench.readers import Reader
from bench.samples import median

_SHORT: Final = 0.1
"""Of the start is what the reading of a head must take at least; the start varies by a few hundredths."""


class Work(NamedTuple):
    """A log, and how much of it: the whole, or its head for those who would need too long for the whole."""

    trial: Trial
    whole: Path
    lines: int
    heads: dict[str, int]


def sshd(course: Course) -> None:
    """Read the log of an sshd under attack, with the stock filter."""
    count, now = course.sizes.lines, time.time()
    real = course.real_log
    lines = sshd_log.lines(count, now) if real is None else grown(real, count, now)
    with _written(course, lines) as log:
        work = Work(Trial.SSH, log, count, course.sizes.heads)
        with _readers(course, "sshd", ["sshd"], sshd_log.LITERALS) as all_of_them:
            for reader in all_of_them:
                _measure(course, reader, work, Trial.SSH_START)


def access(course: Course) -> None:
    """Read a web server's access log, with one jail, with six and with twenty; the filters are Debian's."""
    if course.peer is None:
        course.tell("the access log needs the filters of Debian's fail2ban")
        return
    count, sizes = course.sizes.lines, course.sizes
    few = {**sizes.heads, Program.CROWDSEC: sizes.requests}
    many = {**few, Program.FAIL2BAN: sizes.many_jails}
    parts = ((Trial.WEB_1, 1, few), (Trial.WEB_6, 6, few), (Trial.WEB_20, 20, many))
    with _written(course, access_log.lines(count, time.time())) as log:
        for trial, jails, heads in parts:
            named = access_log.JAILS[:jails]
            with _readers(course, "access", named, access_log.LITERALS) as all_of_them:
                for reader in all_of_them:
                    # the others always read for all they know, and are measured once
                    if trial is Trial.WEB_6 or reader.program in {Program.BANISH, Program.FAIL2BAN}:
                        _measure(course, reader, Work(trial, log, count, heads))


def mail(course: Course) -> None:
    """Read a mail host's log, with the jails of three programs; the filters are Debian's."""
    if course.peer is None:
        course.tell("the mail log needs the filters of Debian's fail2ban")
        return
    count = course.sizes.lines
    with _written(course, mail_log.lines(count, time.time())) as log:
        work = Work(Trial.MAIL, log, count, course.sizes.heads)
        with _readers(course, "mail", mail_log.JAILS, mail_log.LITERALS) as all_of_them:
            for reader in all_of_them:
                _measure(course, reader, work)


@contextmanager
def _written(course: Course, lines: Iterable[str]) -> Iterator[Path]:
    with course.folder() as folder:
        course.tell("writing a log")
        path = folder / "log"
        with path.open("w") as log:
            log.writelines(lines)
        yield path


@contextmanager
def _readers(
    course: Course, kind: str, jails: Sequence[str], literals: Sequence[str]
) -> Iterator[list[Reader]]:
    """Who reads a kind of log; their homes are there as long as they are needed."""
    with course.home() as home, course.folder() as folder:
        found = [readers.banish(home.tree, jails), readers.grep(literals)]
        if course.peer is not None:
            found.append(readers.fail2ban(course.peer, home.tree, jails))
        if Program.SSHGUARD in course.programs:
            found.append(readers.sshguard())
        if Program.CROWDSEC in course.programs:
            found.append(readers.crowdsec_replay(folder, kind))
        yield found


def _measure(course: Course, reader: Reader, work: Work, start: Trial | None = None) -> None:
    """Measure lines a second.

    Who reads but a head has his start taken off, so that a shorter log is no disadvantage; others have not.
    """
    count = min(work.lines, work.heads.get(reader.program, work.lines))
    with course.attempt(reader.program, f"{work.trial}, {count:,} lines"), course.folder() as folder:
        first = _head(work.whole, 1, folder / "first")
        log = _head(work.whole, count, folder / "head") if count < work.lines else work.whole
        reader.read(first)  # who makes a database, or compiles himself, has done so now
        starts = course.repeat(lambda: reader.read(first))
        off = median(starts) if count < work.lines else 0.0
        taken = [each - off for each in course.repeat(lambda: reader.read(log))]
        if min(taken) < off * _SHORT:
            raise TrialError("the log is too short to tell reading from starting")
        course.figures.keep(reader.program, work.trial, [count / each for each in taken])
        if start is not None:
            course.figures.keep(reader.program, start, starts)


def _head(log: Path, lines: int, head: Path) -> Path:
    with log.open("rb") as whole, head.open("wb") as part:
        part.writelines(itertools.islice(whole, lines))
    return head
