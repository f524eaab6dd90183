"""Take over what fail2ban remembered: bans in force, earlier bans, and how far it read each log.

FILE is fail2ban's database; it is only read. Bans end when fail2ban said they would, earlier ones make the
next ones longer where ban times grow, and logs are read on from where fail2ban stopped. What Banish knows
better stays as it is, so that nothing happens when the same is imported twice. Banish must not be running;
it does this by itself when it starts for the first time.

Exit status 1 if there is nothing to import from, or nowhere to keep it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.adapters.store.takeover import Taken, places, take_over
from banish.core.config import ServerConfig
from banish.core.errors import RefusedError
from banish.core.model import Instant
from banish.daemon.configuration import load
from banish.faces.cli.show import counted, json_out


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="default: where fail2ban usually keeps it")
    parser.add_argument("-c", "--config", metavar="DIR", help="the directory with jail.conf or jail.local")
    parser.add_argument("--dry-run", action="store_true", help="tell what is there, and take nothing over")


def run(arguments: argparse.Namespace) -> int:
    """Import and tell what came of it."""
    config = load(arguments.config).config
    if config.server.dbfile is None:
        raise RefusedError("dbfile = None: nothing is kept over a restart, so nothing is imported")
    ours, usual = places(config.server.dbfile)
    source = Path(arguments.file or usual)
    if not source.exists():
        raise RefusedError(f"{source}: there is no database of fail2ban; name the file that its dbfile means")
    store = _store(None if arguments.dry_run else ours, config.server)
    try:
        taken = take_over(source, store, _now(), {jail.name: jail.bantime for jail in config.jails})
    finally:
        store.close()
    if arguments.json:
        json_out({"file": str(source), "store": str(ours), **asdict(taken)})
    else:
        _print(source, None if arguments.dry_run else ours, taken)
    return 0


def _store(path: Path | None, server: ServerConfig) -> SqliteStore:
    """Open where it goes; without a path nothing of it stays."""
    if path is None:
        return MemoryStore(_now())
    return SqliteStore(path, _now(), purge_age=server.dbpurgeage, max_matches=server.dbmaxmatches)


def _now() -> Instant:
    return Instant(time.time())


def _print(source: Path, ours: Path | None, taken: Taken) -> None:
    print(f"{source} (schema {taken.schema})")
    print(f"  {counted(taken.bans, 'ban')} in force, {counted(taken.earlier, 'ban')} that ended")
    print(f"  {counted(taken.logs, 'log')} to be read on from where fail2ban stopped")
    if taken.left_out:
        print(f"  {counted(taken.left_out, 'row')} left out: they make no sense")
    if ours is None:
        print("nothing was taken over: this was a dry run")
        return
    print(
        f"{counted(taken.new, 'ban')} new in {ours}, {taken.bans + taken.earlier - taken.new} known already"
    )
