"""Measure Banish beside its peers: `python -m bench [--quick] [--only NAME …] [--only-banish]`, as root.

Prints one table; keeps every sample in build/bench.json and draws build/bench.svg. A whole run takes about a
quarter of an hour, on a machine that has nothing else to do. Exit status 0 if everything was measured, 1 if
something went wrong, 2 if this machine cannot.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench import entrance, machine
from bench.course import Course
from bench.errors import TrialError, UnfitError
from bench.figures import Figures, Program
from bench.packages import PACKAGES, fetch
from bench.plot import picture
from bench.publication import publish
from bench.report import Report
from bench.session import EXPERIMENTS, run
from bench.sizes import FULL, QUICK

RESULTS: Final = Path(__file__).parent.parent / "build" / "bench.json"
_STATE: Final = "/var/tmp"  # on a disk, as a daemon's state is, where /tmp may be memory

_DONE, _FAILED, _UNFIT = 0, 1, 2


def main() -> int:
    """Get in, or measure if that has been done."""
    words = sys.argv[1:]
    arguments = _parser().parse_args(words)
    if arguments.log is not None and not arguments.log.is_file():
        print(f"bench: {arguments.log}: is no file", file=sys.stderr)
        return _UNFIT
    try:
        entrance.check()
        if arguments.inside:
            return _measure(arguments)
        entrance.enter([*words, *(f"--absent={each}" for each in _prepare(arguments))])
    except UnfitError as error:
        print(f"bench: {error}", file=sys.stderr)
        return _UNFIT
    except TrialError as error:
        print(f"bench: {error}", file=sys.stderr)
        return _FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a fraction of everything, to see that it works")
    parser.add_argument("--only", nargs="+", default=[], choices=EXPERIMENTS, help="only these experiments")
    parser.add_argument("--only-banish", action="store_true", help="leave out the peers")
    parser.add_argument("--log", type=Path, metavar="FILE", help="grow this log of an sshd, not our own")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="FILE", help="where samples are kept"
    )
    parser.add_argument("--publish", action="store_true", help="put table and picture into docs, too")
    parser.add_argument(entrance.INSIDE, action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--absent", action="append", default=[], help=argparse.SUPPRESS)
    return parser


def _prepare(arguments: argparse.Namespace) -> list[str]:
    """Fetch the peers while there is a network; return who cannot be had, and why."""
    if arguments.only_banish:
        return [f"{program}=not asked for" for program in PACKAGES]
    absent = []
    for program in PACKAGES:
        try:
            fetch(program)
        except UnfitError as error:
            absent.append(f"{program}={error}")
    return absent


def _measure(arguments: argparse.Namespace) -> int:
    entrance.furnish()
    sizes = QUICK if arguments.quick else FULL
    absent = dict(each.split("=", 1) for each in arguments.absent)
    programs = frozenset(program for program in Program if program not in absent)
    figures = Figures(absent=absent)
    report = Report(sizes, figures, machine.describe(programs), machine.load())
    root = Path(tempfile.mkdtemp(prefix="banish-bench-", dir=_STATE))
    try:
        run(Course(root, programs, sizes, figures, _tell, arguments.log), arguments.only)
    finally:
        shutil.rmtree(root)
    print(f"\n{report.text()}")
    report.write(arguments.results)
    drawing = arguments.results.with_suffix(".svg")
    drawing.write_text(picture(report))
    print(f"all samples: {arguments.results}; picture: {drawing}")
    if arguments.publish:
        publish(report)
    return _FAILED if figures.failed else _DONE


def _tell(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
