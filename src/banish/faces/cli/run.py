"""Guard this machine in the foreground, until interrupted.

Every event is one line on standard output; fail2ban's own log lines go to the configured logtarget. Bans stay
in force when Banish stops, unless bans_on_stop = remove says otherwise. Needs root, or CAP_NET_ADMIN and the
right to read the logs; with --dry-run it needs neither, and nobody is banned.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import signal
import sys
from collections.abc import Callable
from functools import partial
from glob import glob
from pathlib import Path

from banish import __version__
from banish.core.errors import RefusedError
from banish.daemon.configuration import Loaded, load
from banish.daemon.wiring import Guardian
from banish.faces.control.server import ControlServer


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
    socket = Path(arguments.socket or loaded.config.server.socket)
    guardian = partial(Guardian, loaded, dry_run=arguments.dry_run, in_process=arguments.in_process)
    asyncio.run(_guard(guardian, loaded, socket))
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
    patterns = [path.pattern for jail in jails for path in jail.logpaths]
    if not any(glob(pattern) for pattern in patterns):  # noqa: PTH207 - absolute patterns
        print(f"nothing to guard yet: none of the logs is there ({', '.join(patterns)}); waiting for them")


async def _guard(make: Callable[[], Guardian], loaded: Loaded, socket: Path) -> None:
    guardian = make()
    server = ControlServer(guardian.control, socket)
    try:
        await server.open()
        await guardian.start()
        guarding = asyncio.ensure_future(guardian.guard())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, guarding.cancel)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a closed terminal must not end the guard uncleanly
        print(f"guarding {', '.join(rules.jail.name for rules in loaded.program)}; control socket {socket}")
        try:
            await guarding
        except asyncio.CancelledError:
            if not guarding.cancelled():
                raise
    finally:
        await server.close()
        await guardian.close()
