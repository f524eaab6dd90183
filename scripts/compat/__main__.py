"""Holds Banish against Debian's fail2ban: `make compat`, or `PYTHONPATH=scripts:. python -m compat PART ...`.

Parts, all of them if none is named:
  corpus   the sample corpus of Debian's package, with Debian's own filters
  fuzz     generated filters and logs; --cases many, from number --first on
  config   every jail of Debian's tree, as `fail2ban-client -d` reads it
  dates    some 70,000 lines with dates; needs a C compiler
Exit status: 0 if nothing differs, 1 if something does, 2 if the package cannot be fetched. A case that
differs is printed as small as it can be made; `fuzz --first N --cases 1` runs it again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.errors import UnfitError
from bench.peer import Peer, fetch

from compat import corpus, fuzz
from compat.fuzz import Tally

SCRIPTS: Final = Path(__file__).parent.parent
CASES: Final = 20_000  # some ten minutes on two processors


def main() -> int:
    """Run the parts one after the other."""
    arguments = _arguments()
    try:
        peer = fetch()
    except UnfitError as error:
        print(f"compat: skipped: {error}", file=sys.stderr)
        return 2
    print(f"fail2ban {peer.version()} of Debian, unpacked in {peer.root}")
    parts: dict[str, Callable[[], bool]] = {
        "corpus": lambda: _corpus(peer),
        "fuzz": lambda: _fuzz(peer, arguments.first, arguments.cases),
        "config": lambda: _script("compat_config.py", "--peer", str(peer.root)),
        "dates": lambda: _dates(peer),
    }
    results = [run() for name, run in parts.items() if not arguments.parts or name in arguments.parts]
    return 0 if all(results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=["corpus", "fuzz", "config", "dates", []])
    parser.add_argument("--cases", type=int, default=CASES, help=f"how many cases ({CASES})")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case (0)")
    return parser.parse_args()


def _corpus(peer: Peer) -> bool:
    found = corpus.run(peer, fuzz.court(peer))
    print(found)
    return found.is_good


def _fuzz(peer: Peer, first: int, count: int) -> bool:
    start = time.monotonic()

    def say(tally: Tally) -> None:
        if sys.stderr.isatty():
            print(f"\r{tally.cases} of {count} cases", end="", file=sys.stderr)

    tally = fuzz.run(first, count, peer, say)
    print(f"fuzz: cases {first} to {first + count - 1} in {time.monotonic() - start:.0f} s\n{tally}")
    return not tally.findings


def _script(name: str, *words: str) -> bool:
    print(f"{name}:", flush=True)
    environment = {**os.environ, "TZ": os.environ.get("TZ", "UTC")}
    command = [sys.executable, str(SCRIPTS / name), *words]
    return subprocess.run(command, check=False, env=environment).returncode == 0


def _dates(peer: Peer) -> bool:
    if shutil.which("cc") is None:
        print("compat_dates.py: skipped: there is no C compiler (cc) to stop fail2ban's clock with")
        return True
    return _script("compat_dates.py", str(peer.root))


if __name__ == "__main__":
    sys.exit(main())
