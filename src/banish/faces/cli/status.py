"""Show what the running daemon guards: its jails, what they read, and how many are banned.

Exit status 0 if a daemon runs, 1 if none does.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from banish.core.model import Seconds
from banish.core.spans import spell
from banish.faces.cli.asking import add_socket, daemon
from banish.faces.cli.show import json_out, moment, table, warn
from banish.faces.control.client import AbsentError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    try:
        status: Any = daemon(arguments, "status", {})
    except AbsentError as error:
        warn(str(error))
        if arguments.json:
            json_out(None)
        return 1
    if arguments.json:
        json_out(status)
        return 0
    up = spell(Seconds(time.time() - status["since"]))
    print(f"banish {status['version']} guards this machine since {moment(status['since'])} (up {up})")
    print(f"configuration {status['configuration']}, pid {status['pid']}\n")
    _jails(status["jails"])
    _sources(status["sources"])
    for problem in status["problems"]:
        print(f"! {problem}")
    for report in status["left_out"]:
        print(f"! {report}")
    if not status["is_saved"]:
        print("! the state cannot be written at the moment; bans are kept in memory")
    return 0


def _jails(jails: list[dict[str, Any]]) -> None:
    head = ("jail", "failing", "failures", "banned", "bans", "packets dropped")
    rows = [
        (
            jail["name"],
            jail["failing"],
            jail["failures"],
            jail["banned"],
            jail["bans"],
            jail["dropped_packets"] if jail["enforced"] else "not enforced",
        )
        for jail in jails
    ]
    table(head, rows, right=range(1, 6))
    print()


def _sources(sources: list[dict[str, Any]]) -> None:
    rows = [
        (source["name"], source["state"], f"{source['behind']} bytes behind" if source["behind"] else "")
        for source in sources
    ]
    if rows:
        table(("reads", "", ""), rows)
