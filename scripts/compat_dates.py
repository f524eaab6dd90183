"""Compares our reading of dates with that of an unpacked fail2ban, line by line; needs a C compiler.

    python scripts/compat_dates.py /tmp/peers/fail2ban [CASE-NAME-PART ...]

The other program runs as a black box with a frozen clock, a few hundred lines in each run: what it cuts
out, the times, and the ranking of templates that it reports at the end must be ours. It is Debian's 1.0.2,
in which `20231114-231320` and `20231114 23:13:20` are no dates yet; for the comparison ours do not know
them either. It also cuts out all of `at=({EPOCH})`, later versions the group; that is not compared.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import compat_dates_cases
from compat_dates_cases import Case

from banish.adapters.localzone import SystemZone
from banish.core.dates import DateReader, pattern
from banish.core.dates.formats import FORMATS
from banish.core.errors import RuleError
from banish.core.model import Instant

# A clock that stands still, for a program that asks the C library.
FROZEN_CLOCK = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *at) {
  const char *frozen = getenv("FROZEN_AT");
  if (id != CLOCK_REALTIME || !frozen) return (int)syscall(SYS_clock_gettime, id, at);
  at->tv_sec = atol(frozen);
  at->tv_nsec = 0;
  return 0;
}
time_t time(time_t *out) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (out) *out = at.tv_sec;
  return at.tv_sec;
}
int gettimeofday(struct timeval *out, void *zone) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  out->tv_sec = at.tv_sec;
  out->tv_usec = 0;
  return 0;
}
"""

Row = tuple[str, "float | int | None"]
"""What is left of a line, and its time."""

RECENT = 60  # seconds for which the last date stands in for a missing one


@dataclass(slots=True)
class Tally:
    """What the comparison found."""

    cases: int = 0
    lines: int = 0
    crashes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    rankings: int = 0
    differences: list[str] = field(default_factory=list)


class Reference:
    """The other program, as one would call it on a command line."""

    def __init__(self, root: Path, clock: Path, work: Path) -> None:
        self._root = root
        self._clock = clock
        self._log = work / "lines.log"

    def run(self, case: Case, lines: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
        """Feed it the lines; every line is a failure whose id is all that is left of the line."""
        self._log.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        packages = self._root / "usr/lib/python3/dist-packages"
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": case.tz, "FROZEN_AT": str(case.now),
               "LD_PRELOAD": str(self._clock), "PYTHONPATH": str(packages)}  # fmt: skip
        command = [
            "/usr/bin/python3",
            str(self._root / "usr/bin/fail2ban-regex"),
            "-r",
            "-e",
            "utf-8",
            *options,
        ]
        command += ["-d", "\n".join(case.patterns)] if case.patterns else []
        command += [f"--TZ={case.logtimezone}"] if case.logtimezone else []
        command += [str(self._log), r"^(?P<fid>[^\n]*)"]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def rows(self, case: Case) -> tuple[list[str], list[Row], list[str]]:
        """Return the lines it survives, what it makes of them, and the lines on which it dies."""
        lines = [line for line in case.lines if line.strip() and not line.startswith("#")]  # it skips those
        crashes: list[str] = []
        while True:
            done = self.run(case, lines, "-o", "row")
            rows = [_row(text) for text in done.stdout.split("\n") if text.startswith("[")]
            if done.returncode == 0 or not lines:
                return lines, rows, crashes
            if "Traceback" not in done.stderr or "re.error" in done.stderr:
                return [], [], [(done.stdout + done.stderr).strip()[-120:]]
            crashes.append(lines.pop(len(rows)))

    def ranking(self, case: Case, lines: Sequence[str]) -> list[tuple[str, int]] | None:
        """Return the templates in the order in which it lists them at the end, with their hits.

        Absent if it cannot: it dies when it is to print times after the year 9999.
        """
        done = self.run(case, lines, "-v")
        if done.returncode:
            return None
        report = done.stdout.partition("Date template hits:")[2]
        found = re.findall(r"^\|  \[(\d+)\] (.*)$", report, re.MULTILINE)
        # It calls %Exk by that name or by Ex%k, as its hash seed wills.
        return [(name.replace("Ex%", "%Ex"), int(hits)) for hits, name in found]


def _row(text: str) -> Row:
    rest, at, *_ = ast.literal_eval(text.rstrip(","))
    return rest, at


def ours(case: Case, lines: Sequence[str]) -> tuple[list[Row], list[tuple[str, int]]]:
    """Do with our reader what a jail does with dates: a missing one is the last, if that is recent."""
    reader = _reader(case)
    last: float | None = None
    rows: list[Row] = []
    for line in lines:
        dated = reader.read(line, Instant(case.now))
        recent = last if last is not None and last > case.now - RECENT else None
        if dated is None:
            rows.append((line, recent))
        elif not dated.text:
            rows.append((line, float(case.now) if recent is None else recent))
        elif dated.at is None:
            rows.append((dated.before + dated.after if recent is None else line, recent))
        else:
            last = dated.at
            rows.append((dated.before + dated.after, last))
    return rows, list(reader.templates())


def _reader(case: Case) -> DateReader:
    os.environ["TZ"] = case.tz
    time.tzset()
    zone = SystemZone()
    return DateReader(case.patterns, zone, datetime.fromtimestamp(case.now, zone).year, case.logtimezone)


def compare(case: Case, reference: Reference, tally: Tally) -> None:
    """Let both read the lines and note what differs."""
    lines, theirs, crashes = reference.rows(case)
    try:
        mine, ranking = ours(case, lines)
    except RuleError as error:
        tally.differences += [f"{case.name}: ours refuses only: {error}"] if lines else []
        tally.refused += [] if lines else [f"{case.name}: {error}"]
        return
    tally.cases += 1
    tally.lines += len(lines)
    tally.crashes += [f"{case.name}: {line!r}" for line in crashes]
    if len(lines) != len(theirs):
        tally.differences.append(f"{case.name}: {len(lines)} lines, but {len(theirs)} rows")
        return
    for line, my, their in zip(lines, mine, theirs, strict=True):
        if my != their or type(my[1]) is not type(their[1]):
            tally.differences.append(f"{case.name}: {line!r}\n    ours   {my}\n    theirs {their}")
    if lines and not case.name.startswith(("written", "odd")):
        wanted = reference.ranking(case, lines)
        if wanted is None:
            return
        tally.rankings += 1
        if wanted != ranking:
            first = next(n for n, pair in enumerate(zip_longest(ranking, wanted)) if pair[0] != pair[1])
            tally.differences.append(
                f"{case.name}: ranking from {first}\n"
                f"    ours   {ranking[first:][:2]}\n    theirs {wanted[first:][:2]}"
            )


def old_formats() -> None:
    """Take from the default formats what Debian's version does not know yet."""
    known = tuple(text.replace("[-T]|", "T|").replace("H:?%ExM:?", "H%ExM") for text in FORMATS)
    setattr(pattern, "FORMATS", known)  # noqa: B010 - the module does not export it
    pattern._defaults.cache_clear()  # noqa: SLF001 - the table above is not meant to change


def main(root: Path, names: Sequence[str]) -> int:
    """Run the cases whose names contain one of `names`, or all; 1 if anything differs."""
    packages = root / "usr/lib/python3/dist-packages"
    cases = compat_dates_cases.all_cases(
        packages / "fail2ban/tests/files/logs", root / "etc/fail2ban/filter.d"
    )
    tally = Tally()
    old_formats()
    with tempfile.TemporaryDirectory() as work:
        clock = Path(work, "clock.so")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-o", clock, "-x", "c", "-"], input=FROZEN_CLOCK.encode(), check=True
        )
        reference = Reference(root, clock, Path(work))
        for case in cases:
            if not names or any(name in case.name for name in names):
                compare(case, reference, tally)
    for title, found in (
        ("dies", tally.crashes),
        ("both refuse", tally.refused),
        ("differs", tally.differences),
    ):
        for text in found:
            print(title, text)
    print(
        f"{tally.lines} lines, {tally.cases} logs, {tally.rankings} rankings: {len(tally.differences)} differ"
    )
    print(f"the other program dies on {len(tally.crashes)} lines; both refuse {len(tally.refused)} settings")
    return 1 if tally.differences else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
