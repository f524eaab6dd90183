"""Guard this machine in the foreground, until interrupted.

Every event is one line on standard output; fail2ban's own log lines go to the configured logtarget. Bans stay
in force when Banish stops, unless bans_on_stop = remove says otherwise. Needs root, or CAP_NET_ADMIN and the
right to read the logs; with --dry-run it needs neither, and nobody is banned.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from functools import partial
from glob import glob
from pathlib import Path
from typing import Final

from banish import __version__
from banish.core.config import ServerConfig
from banish.core.errors import RefusedError
from banish.daemon.configuration import Loaded, load
from banish.daemon.wiring import Guardian
from banish.faces.guarding import guard

FAIL2BAN_SOCKET: Final = Path("/var/run/fail2ban/fail2ban.sock")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with jail.conf or jail.local")
    parser.add_argument("-s", "--socket", metavar="PATH", help="control socket (default: as configured)")
    parser.add_argument("--dry-run", action="store_true", help="decide, but enforce and remember nothing")
    parser.add_argument(
        "--in-process", action="store_true", help="match lines in the daemon, not in processes without rights"
    )


def run(arguments: argparse.Namespace) -> int:
    """Guard until a signal ends it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)
    loaded = load(arguments.config)
    _introduce(loaded, dry_run=arguments.dry_run)
    guardian = partial(Guardian, loaded, dry_run=arguments.dry_run, in_process=arguments.in_process)
    sockets = _sockets(arguments.socket or loaded.config.server.socket)

    def ready() -> None:
        names = ", ".join(rules.jail.name for rules in loaded.program)
        print(f"guarding {names}; control socket {sockets[0]}")

    asyncio.run(guard(guardian, sockets, print, ready, loaded.config.server.readers))
    print("stopped")
    return 0


def _introduce(loaded: Loaded, *, dry_run: bool) -> None:
    """Say what is going to happen; `RefusedError` if that is nothing."""
    for problem in loaded.problems:
        print(f"{problem.severity.value}: {problem}")
    jails = [rules.jail for rules in loaded.program]
    if not jails:
        raise RefusedError(f"{loaded.directory}: nothing to guard: no jail is enabled, or none can run")
    mode = ", dry run: nobody is banned" if dry_run else ""
    print(f"banish {__version__}, configuration {loaded.directory}{mode}")
    patterns = [path.pattern for jail in jails if not jail.reads_journal for path in jail.logpaths]
    if not any(jail.reads_journal for jail in jails) and not any(glob(pattern) for pattern in patterns):  # noqa: PTH207 - absolute patterns
        print(f"nothing to guard yet: none of the logs is there ({', '.join(patterns)}); waiting for them")


def _sockets(path: str) -> list[Path]:
    """Return where to listen: at the usual place also where fail2ban's clients look."""
    usual = path == ServerConfig().socket
    return [Path(path), FAIL2BAN_SOCKET] if usual else [Path(path)]
