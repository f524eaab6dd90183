"""What a scanner does: here, where it can be looked at, and in a real one that is asked about itself."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import pytest
from tests.adapters.scanners.play import ADDRESS, compiled, jail

from banish.adapters.scanners import child
from banish.adapters.scanners.child import Scans, Work, fork, serve
from banish.adapters.scanners.confine import nobody
from banish.adapters.scanners.frames import Answer, Ear, Part, Ready, Refused, Task, pack_task
from banish.adapters.scanners.progress import Progress
from banish.core.match import Findings, Scanner
from banish.core.model import Hit, Instant, Lines, Subject

ALL = compiled(jail("all", ADDRESS), jail("web", f"web {ADDRESS}"))
JAILS = ("all", "web")


@dataclass(slots=True)
class Tells:
    """Answers every block with what a function says, as if that were an address."""

    tell: Callable[[bytes], object]

    def scan(self, lines: Lines, jails: Sequence[str], now: Instant) -> Findings:
        try:
            word = str(self.tell(lines.block))
        except OSError as error:
            word = f"{type(error).__name__} {error.errno}"
        return Findings([Hit(jails[0], Subject(word), now, 0)])


def work(make: Callable[[], Scans]) -> Work:
    return Work(make, JAILS, Progress(JAILS), nobody())


def task(number: int, block: bytes, *jails: int, wants_answer: bool = True) -> bytes:
    return pack_task(
        Task(number, "log", live=True, now=5.0, jails=list(jails), wants_answer=wants_answer), block
    )


def heard(end: socket.socket) -> Iterator[Answer]:
    ear = Ear()
    while data := end.recv(1 << 16):
        yield from ear.hear(data)


def subjects(answers: Iterator[Answer]) -> list[str]:
    return [hit.subject for answer in answers if isinstance(answer, Part) for hit in answer.hits]


@contextmanager
def scanner(make: Callable[[], Scans]) -> Iterator[tuple[int, socket.socket]]:
    """A real one, without a daemon around it."""
    mine, theirs = socket.socketpair()
    mine.settimeout(20)
    pid = fork(work(make), theirs.fileno())
    theirs.close()
    try:
        yield pid, mine
    finally:
        mine.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def asked(tell: Callable[[bytes], object]) -> str:
    """What a real scanner says when it tries something."""
    with scanner(lambda: Tells(tell)) as (_, mine):
        mine.sendall(task(1, b"x\n", 0))
        mine.shutdown(socket.SHUT_WR)
        (word,) = subjects(heard(mine))
        return word


# ---------------------------------------------------------------------------------------- in this process


def test_tasks_are_answered_in_order_until_nobody_asks() -> None:
    mine, theirs = socket.socketpair()
    mine.sendall(task(1, b"192.0.2.1\nx\n", 0) + task(2, b"web 192.0.2.2\n", 0, 1))
    mine.shutdown(socket.SHUT_WR)
    serve(theirs.fileno(), Scanner(ALL), work(lambda: Scanner(ALL)))
    theirs.close()
    answers = list(heard(mine))
    mine.close()
    assert [1, 2] == [answer.number for answer in answers if isinstance(answer, Part)]
    assert ["192.0.2.1", "192.0.2.2", "192.0.2.2"] == subjects(iter(answers))


def test_what_is_only_to_be_learned_is_not_answered() -> None:
    mine, theirs = socket.socketpair()
    mine.sendall(task(0, b"192.0.2.1\n", 0, wants_answer=False))
    mine.shutdown(socket.SHUT_WR)
    serve(theirs.fileno(), Scanner(ALL), work(lambda: Scanner(ALL)))
    theirs.close()
    assert [] == list(heard(mine))
    mine.close()


def test_progress_says_of_which_task_it_is() -> None:
    mine, theirs = socket.socketpair()
    mine.sendall(task(7, b"x\n", 0))
    mine.shutdown(socket.SHUT_WR)
    given = work(lambda: Scanner(ALL))
    serve(theirs.fileno(), Scanner(ALL), given)
    assert 7 == given.progress.task
    mine.close()
    theirs.close()


# --------------------------------------------------------------------------------------- in a real scanner


def test_it_says_that_it_is_ready_and_ends_when_nobody_listens() -> None:
    mine, theirs = socket.socketpair()
    pid = fork(work(lambda: Scanner(ALL)), theirs.fileno())
    theirs.close()
    mine.shutdown(socket.SHUT_WR)
    (answer,) = heard(mine)
    mine.close()
    assert isinstance(answer, Ready)
    assert (os.geteuid() or nobody().user) == answer.user
    assert (pid, 0) == os.waitpid(pid, 0)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda _: os.open("/etc/passwd", os.O_RDONLY),
        lambda _: os.open("/proc/self/maps", os.O_RDONLY),
        lambda _: socket.socket(),
        lambda _: socket.socket(socket.AF_UNIX),
        lambda _: os.fork(),
        lambda _: os.execv("/bin/true", ["true"]),
        lambda _: os.kill(os.getppid(), signal.SIGCONT),
        lambda _: os.setuid(0),
    ],
)
def test_it_can_open_start_and_signal_nothing(attempt: Callable[[bytes], object]) -> None:
    assert asked(attempt).startswith("PermissionError")


def test_signals_meant_for_the_daemon_do_not_end_it() -> None:
    with scanner(lambda: Scanner(ALL)) as (pid, mine):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
        mine.sendall(task(1, b"192.0.2.1\n", 0))
        mine.shutdown(socket.SHUT_WR)
        assert ["192.0.2.1"] == subjects(heard(mine))


def test_an_error_is_told_before_it_ends() -> None:
    def fails(_: bytes) -> NoReturn:
        raise ZeroDivisionError("x" * 1000)

    with scanner(lambda: Tells(fails)) as (_, mine):
        mine.sendall(task(1, b"x\n", 0))
        _, answer = heard(mine)
        assert isinstance(answer, Refused)
        assert "ZeroDivisionError: xxx" in answer.reason
        assert 500 == len(answer.reason)


def test_it_does_not_begin_if_it_cannot_be_made() -> None:
    def make() -> Scans:
        raise MemoryError

    with scanner(make) as (_, mine):
        assert [Refused("MemoryError: ")] == list(heard(mine))


def test_an_error_that_nobody_hears_is_no_other_error() -> None:
    mine, theirs = socket.socketpair()
    mine.close()
    child._refuse(theirs.fileno(), "x")
    theirs.close()


def test_signals_of_the_daemon_are_as_before_when_a_scanner_is_born() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with scanner(lambda: Scanner(ALL)):
        assert before == signal.pthread_sigmask(signal.SIG_BLOCK, ())
