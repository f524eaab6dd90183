"""Ban addresses or networks by hand.

Refused for who is logged in at the moment, for this machine itself and for who is exempt, unless --force is
given. Without --for the ban lasts as long as the jail's own bans.

  banish ban 203.0.113.9
  banish ban --jail sshd --for 1w --reason "scans us daily" 203.0.113.0/24
"""

from __future__ import annotations

import argparse

from banish.faces.cli.asking import add_socket, daemon, listed, span
from banish.faces.cli.show import json_out, moment


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)
    parser.add_argument("address", nargs="+", help="address or network, for instance 203.0.113.0/24")
    parser.add_argument("-j", "--jail", help="the jail whose ports are closed; needed if there are several")
    parser.add_argument(
        "--for", dest="span", metavar="TIME", help="how long: 600, 10m, 1h30m, 1w; -1 for good"
    )
    parser.add_argument("--reason", default="", help="why, for whoever asks later")
    parser.add_argument("--force", action="store_true", help="ban even who is logged in or exempt")


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    words = {
        "subjects": arguments.address,
        "jail": arguments.jail,
        "seconds": span(arguments.span),
        "reason": arguments.reason,
        "force": arguments.force,
    }
    bans = listed(daemon(arguments, "ban", words))
    for ban in bans:
        if arguments.json:
            json_out(ban)
        else:
            until = ban["until"]
            end = moment(until if isinstance(until, int | float) else None)
            print(f"{ban['subject']} is banned in {ban['jail']} until {end}")
    return 0
