"""Let addresses in again, in one jail or in all. A network lets in everybody banned in it.

Exit status 1 if none of them was banned.
"""

from __future__ import annotations

import argparse

from banish.faces.cli.asking import add_socket, daemon, listed
from banish.faces.cli.show import json_out


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)
    parser.add_argument("address", nargs="+", help="address or network")
    parser.add_argument("-j", "--jail", help="only in this jail")


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    released = daemon(arguments, "release", {"subjects": arguments.address, "jail": arguments.jail})
    for place in listed(released):
        if arguments.json:
            json_out(place)
        else:
            print(f"{place['subject']} may come in again ({place['jail']})")
    return 0
