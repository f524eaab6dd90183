"""List who is banned, and until when; with addresses, only those.

Exit status 1 if an address was asked for and is not banned.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from banish.faces.cli.asking import add_socket, daemon
from banish.faces.cli.show import clean, json_out, left, moment, table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)
    parser.add_argument("address", nargs="*", help="show only the bans of these")
    parser.add_argument("-j", "--jail", help="show only the bans of this jail")
    parser.add_argument("-n", "--limit", type=int, help="show at most so many (at most 10000)")


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    words = {"jail": arguments.jail, "limit": arguments.limit, "subjects": arguments.address or None}
    answer: Any = daemon(arguments, "bans", words)
    bans = answer["bans"]
    if arguments.json:
        for ban in bans:
            json_out(ban)
    else:
        _print(bans, answer["total"], is_about_some=bool(arguments.address))
    return 1 if arguments.address and not bans else 0


def _print(bans: list[dict[str, Any]], total: int, *, is_about_some: bool) -> None:
    if not bans:  # a ban that ended within this second may still be in the total
        print(f"not banned; others that are: {total}" if total and is_about_some else "nobody is banned")
        return
    now = time.time()
    rows = [
        (
            ban["subject"],
            ban["jail"],
            moment(ban["at"]),
            moment(ban["until"]),
            left(ban["until"], now),
            ban["failures"] or clean(ban["reason"]) or ban["origin"],
        )
        for ban in bans
    ]
    table(("address", "jail", "since", "until", "left", "failures"), rows)
    if total > len(bans):
        print(f"{len(bans)} of {total}")
