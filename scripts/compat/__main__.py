"""Holds Banish against fail2ban: `make compat`, or `PYTHONPATH=scripts:. python -m compat PART ...`.

Parts, all of them if none is named:
  corpus   the sample corpus of fail2ban, with its own filters
  fuzz     generated filters and logs; --cases many, from number --first on
  config   every jail of its tree, as `fail2ban-client -d` reads it
  dates    some 70,000 lines with dates; needs a C compiler
Which fail2ban: --oracle DIR, or FAIL2BAN=DIR[:DIR ...] in the environment, an unpacked package or a source
tree of any release; without, the package of this machine's Debian is fetched.
Exit status: 0 if nothing differs, 1 if something does, 2 if there is no fail2ban to be had or no end was
reached. A case that differs is printed as small as it can be made; `fuzz --first N --cases 1` runs it again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from bench.errors import UnfitError

from compat import corpus, fuzz
from compat.fuzz import Tally
from compat.oracle import Oracle, find, folders

SCRIPTS: Final = Path(__file__).parent.parent
CASES: Final = 20_000  # some ten minutes on two processors


def main() -> int:
    """Run the parts one after the other, with one fail2ban after the other."""
    arguments = _arguments()
    try:
        found = [(oracle, oracle.version()) for oracle in map(find, arguments.oracle or folders())]
    except UnfitError as error:
        print(f"compat: skipped: {error}", file=sys.stderr)
        return 2
    results = []
    try:
        for oracle, version in found:
            print(f"fail2ban {version}, unpacked in {oracle.root}", flush=True)
            results += _run(oracle, arguments)
    except BrokenProcessPool:
        print("compat: a process of the fuzzer was killed, for want of memory? try --jobs 1", file=sys.stderr)
        return 2
    return 0 if all(results) else 1


def _run(oracle: Oracle, arguments: argparse.Namespace) -> list[bool]:
    parts: dict[str, Callable[[], bool]] = {
        "corpus": lambda: _corpus(oracle),
        "fuzz": lambda: _fuzz(oracle, arguments.first, arguments.cases, arguments.jobs),
        "config": lambda: _script("compat_config.py", "--peer", str(oracle.root)),
        "dates": lambda: _dates(oracle),
    }
    return [run() for name, run in parts.items() if not arguments.parts or name in arguments.parts]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=["corpus", "fuzz", "config", "dates", []])
    parser.add_argument("--oracle", action="append", default=[], help="where a fail2ban is; repeatable")
    parser.add_argument("--cases", type=int, default=CASES, help=f"how many cases ({CASES})")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case (0)")
    parser.add_argument("--jobs", type=int, help="processes for the cases (one for each processor)")
    return parser.parse_args()


def _corpus(oracle: Oracle) -> bool:
    found = corpus.run(oracle, fuzz.court(oracle))
    print(found, flush=True)
    return found.is_good


def _fuzz(oracle: Oracle, first: int, count: int, jobs: int | None) -> bool:
    start = time.monotonic()

    def say(tally: Tally) -> None:
        if sys.stderr.isatty():
            print(f"\r{tally.cases} of {count} cases", end="", file=sys.stderr)

    tally = fuzz.run(first, count, oracle, say, jobs)
    span = f"cases {first} to {first + count - 1} in {time.monotonic() - start:.0f} s"
    print(f"fuzz: {span}\n{tally}", flush=True)
    return tally.is_good


def _script(name: str, *words: str) -> bool:
    print(f"{name}:", flush=True)
    environment = {**os.environ, "TZ": os.environ.get("TZ", "UTC")}
    command = [sys.executable, str(SCRIPTS / name), *words]
    return subprocess.run(command, check=False, env=environment).returncode == 0


def _dates(oracle: Oracle) -> bool:
    if shutil.which("cc") is None:
        print("compat_dates.py: skipped: there is no C compiler (cc) to stop fail2ban's clock with")
        return True
    return _script("compat_dates.py", str(oracle.root))


if __name__ == "__main__":
    sys.exit(main())
