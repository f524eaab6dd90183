"""Measures how long an expression takes on a line, in a process of its own that can be ended.

A regular expression can keep Python busy for longer than anybody lives. Here every search ends after
`LIMIT_SECONDS` of computing by a signal, and all together by the end of the process.
This file is also the program of that process; it needs nothing of Banish.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Final, TextIO

LIMIT_SECONDS: Final = 0.25  # of computing, for one search
ENOUGH_SECONDS: Final = 0.1  # of computing; longer lines are not tried after that


@dataclass(frozen=True, slots=True)
class Trial:
    """An expression, and lines to search it in, the shortest first.

    Of trials that `belong` together, those behind one that took long are left out.
    """

    belongs: int
    regex: str
    flags: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """Computing time of each line up to the first that took long, in seconds.

    `is_cut` says that the last search was ended, by the limit, before it was done.
    """

    seconds: tuple[float, ...] = ()
    is_cut: bool = False


def measure(trials: Sequence[Trial], budget_seconds: float) -> list[Timed | None]:
    """Try one after the other; nothing for those that there was no time for."""
    answers: list[Timed | None] = [None] * len(trials)
    if not trials or budget_seconds <= 0:
        return answers
    asked = "".join(json.dumps(asdict(trial)) + "\n" for trial in trials)
    for index, line in enumerate(_run(asked, budget_seconds).splitlines()):
        with suppress(ValueError):  # cut off in the middle
            answer = json.loads(line)
            answers[index] = Timed(tuple(answer["seconds"]), answer["is_cut"])
    return answers


def _run(asked: str, budget_seconds: float) -> str:
    """Return what the process wrote before its time was over."""
    command = [sys.executable, "-I", "-S", __file__]
    try:
        done = subprocess.run(
            command, input=asked.encode(), stdout=subprocess.PIPE, timeout=budget_seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode()
    return done.stdout.decode()


def work(trials: Iterable[str], answers: TextIO) -> None:
    """Answer each trial with one line, as soon as it is done."""
    signal.signal(signal.SIGVTALRM, _end)
    slow: set[int] = set()
    for line in trials:
        trial = Trial(**json.loads(line))
        timed = Timed() if trial.belongs in slow else _timed(trial)
        if timed.seconds and timed.seconds[-1] > ENOUGH_SECONDS:
            slow.add(trial.belongs)
        print(json.dumps(asdict(timed)), file=answers, flush=True)


def _timed(trial: Trial) -> Timed:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as where expressions are compiled
        pattern = re.compile(trial.regex, trial.flags)
    seconds: list[float] = []
    for line in trial.lines:
        begun = time.process_time()
        is_done = _search(pattern, line)
        seconds.append(time.process_time() - begun if is_done else LIMIT_SECONDS)
        if seconds[-1] > ENOUGH_SECONDS:
            return Timed(tuple(seconds), is_cut=not is_done)
    return Timed(tuple(seconds))


def _search(pattern: re.Pattern[str], line: str) -> bool:
    """Search; false if it was ended before it was done. Python's `re` looks for signals as it works."""
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_SECONDS)
        pattern.search(line)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TimeoutError:
        return False
    return True


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


if __name__ == "__main__":
    work(sys.stdin, sys.stdout)
