"""Never ban an address or a network, or list who is exempt by hand.

  banish exempt                        list
  banish exempt add 198.51.100.7 --for 8h --reason "working from a hotel"
  banish exempt remove 198.51.100.7

Whoever is exempted and banned is let in. Exemptions survive a restart; those of the configuration (ignoreip)
are not listed here, `banish why ADDRESS` knows both.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from banish.core.plain import Json
from banish.faces.cli.asking import add_socket, daemon, listed, span
from banish.faces.cli.show import clean, json_out, moment, table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)
    parser.add_argument("wish", nargs="?", choices=("list", "add", "remove"), default="list")
    parser.add_argument("address", nargs="*", help="address or network")
    parser.add_argument(
        "--for", dest="span", metavar="TIME", help="how long: 600, 8h, 1w (default: for good)"
    )
    parser.add_argument("--reason", default="", help="why, for whoever asks later")


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    if arguments.wish == "remove":
        removed = daemon(arguments, "unexempt", {"subjects": arguments.address})
        if arguments.json:
            json_out(removed)
        else:
            print(f"no longer exempt: {', '.join(arguments.address)}")
        return 0
    if arguments.wish == "add":
        words = {"subjects": arguments.address, "seconds": span(arguments.span), "reason": arguments.reason}
        return _print(daemon(arguments, "exempt", words), arguments)
    return _print(daemon(arguments, "exemptions", {}), arguments)


def _print(answer: Json, arguments: argparse.Namespace) -> int:
    exemptions = listed(answer)
    if arguments.json:
        for exemption in exemptions:
            json_out(exemption)
    elif exemptions:
        table(("address", "until", "reason"), map(_row, exemptions))
    else:
        print("nobody is exempt by hand")
    return 0


def _row(exemption: Mapping[str, Json]) -> tuple[str, str, str]:
    until = exemption["until"]
    at = until if isinstance(until, int | float) else None
    return str(exemption["subject"]), moment(at), clean(str(exemption["reason"]))
