"""Measure Banish beside Debian's fail2ban: `python -m bench [--quick] [--only-banish]`, as root.

Prints one table, and writes every sample to build/bench.json. Takes about fifteen minutes, on a machine that
has nothing else to do. Exit status 0 if everything was measured, 1 if something went wrong, 2 if this machine
cannot.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench import entrance, machine, report
from bench.errors import TrialError, UnfitError
from bench.figures import Figures
from bench.peer import FOLDER, Peer, fetch
from bench.session import Session
from bench.sizes import FULL, QUICK

RESULTS: Final = Path(__file__).parent.parent / "build" / "bench.json"
_STATE: Final = "/var/tmp"  # on a disk, as a daemon's state is, where /tmp may be memory

_DONE, _FAILED, _UNFIT = 0, 1, 2


def main() -> int:
    """Get in, or measure if that has been done."""
    words = sys.argv[1:]
    arguments = _parser().parse_args(words)
    try:
        entrance.check()
        if arguments.inside:
            return _measure(arguments)
        absent = "" if arguments.only_banish else _prepare()
        entrance.enter([*words, f"--absent={absent}"])
    except UnfitError as error:
        print(f"bench: {error}", file=sys.stderr)
        return _UNFIT
    except TrialError as error:
        print(f"bench: {error}", file=sys.stderr)
        return _FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, to see that it works")
    parser.add_argument("--only-banish", action="store_true", help="leave out fail2ban")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, metavar="FILE", help="where samples are kept"
    )
    parser.add_argument(entrance.INSIDE, action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--absent", default="", help=argparse.SUPPRESS)
    return parser


def _prepare() -> str:
    """Fetch fail2ban while there is a network; return why that is not possible, if so."""
    try:
        fetch()
    except UnfitError as error:
        return str(error)
    return ""


def _measure(arguments: argparse.Namespace) -> int:
    entrance.furnish()
    sizes = QUICK if arguments.quick else FULL
    peer = None if arguments.only_banish or arguments.absent else Peer(FOLDER / "fail2ban")
    about, load = machine.describe(peer), machine.load()
    root = Path(tempfile.mkdtemp(prefix="banish-bench-", dir=_STATE))
    try:
        session = Session(root, peer, sizes, _tell)
        figures = Figures(session.banish(), absent=arguments.absent or "not asked for")
        if peer is not None:
            figures = Figures(figures.banish, session.fail2ban(peer))
    finally:
        shutil.rmtree(root)
    print(f"\n{report.report(sizes, figures, about, load)}")
    report.write(arguments.results, sizes, figures, about, load)
    print(f"all samples: {arguments.results}")
    return _DONE


def _tell(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
