"""Explain an address: is it banned, by which lines, until when, and how to undo it.

Exit status 0 if it is banned, 1 if it is not.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from banish.faces.cli.asking import add_socket, daemon
from banish.faces.cli.show import clean, json_out, left, moment


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_socket(parser)
    parser.add_argument("address", help="the address somebody asks about")


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    card: Any = daemon(arguments, "explain", {"subject": arguments.address})
    if arguments.json:
        json_out(card)
    else:
        _print(card)
    return 0 if card["bans"] else 1


def _print(card: dict[str, Any]) -> None:
    subject = card["subject"]
    for ban in card["bans"]:
        _ban(subject, ban)
    if not card["bans"]:
        print(f"{subject} is not banned")
    for count in card["counting"]:
        print(f"{count['failures']} of {count['limit']} failures in jail {count['jail']}:")
        _evidence(count["evidence"])
    if card["exempt"]:
        print(f"its failures do not count: {clean(card['exempt'])}")
    if card["guarded"]:
        print(f"it would not be banned now: {clean(card['guarded'])}")
    for ban in card["history"]:
        print(f"earlier: {moment(ban['at'])} to {moment(ban['until'])} in {ban['jail']}, {_cause(ban)}")


def _ban(subject: str, ban: dict[str, Any]) -> None:
    whom = subject if ban["subject"] == subject else f"{subject} (in {ban['subject']})"
    print(f"{whom} is banned in jail {ban['jail']}")
    print(f"  since  {moment(ban['at'])}")
    print(f"  until  {moment(ban['until'])} ({left(ban['until'], time.time())} left)")
    print(f"  for    {_cause(ban)}" + (f", ban number {ban['count']}" if ban["count"] > 1 else ""))
    _evidence(ban["evidence"])
    print(f"  undo   banish unban {ban['subject']}")
    print(f"  never  banish exempt add {ban['subject']}")


def _cause(ban: dict[str, Any]) -> str:
    if ban["origin"] == "log":
        return f"{ban['failures']} failures"
    reason = f": {clean(ban['reason'])}" if ban["reason"] else ""
    return {"person": "banned by hand", "kernel": "found in the kernel at start"}[ban["origin"]] + reason


def _evidence(evidence: list[dict[str, Any]]) -> None:
    """Print the lines, and after them each pattern that matched, once."""
    for each in evidence:
        sign = f"#{each['regex']}" if each["regex"] else "  "  # another program found it, and told no more
        for line in each["lines"]:
            print(f"    {moment(each['at'])}  {sign}  {clean(line)}")
    known = [each for each in evidence if each["regex"]]
    for number, pattern, place in dict.fromkeys((e["regex"], e["pattern"], e["place"]) for e in known):
        print(f"    #{number} is {clean(pattern)}" + (f"  ({place})" if place else ""))
