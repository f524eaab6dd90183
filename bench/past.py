"""A past: bans as a daemon remembers them, and elements in a set, without the months they took."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Final

from banish.adapters.store.sqlite import SqliteStore
from banish.core.model import Ban, Evidence, Instant, Save, Subject
from bench.attack import address, failure
from bench.errors import TrialError
from bench.home import BANTIME, FAILURES, Home

_STEP: Final = 10_000
_WITH_EVIDENCE: Final = 200_000  # the latest ones; the store keeps evidence of about as many


def remember(home: Home, bans: int) -> None:
    """Fill Banish's store with bans that have most of their time before them."""
    now = Instant(time.time())
    store = SqliteStore(home.database, now)
    try:
        for first in range(0, bans, _STEP):
            step = range(first, min(first + _STEP, bans))
            store.save(Save(tuple(_ban(number, bans, now) for number in step)), now)
    finally:
        store.close()


def _ban(number: int, bans: int, now: Instant) -> Ban:
    """Return one of so many bans; the last is the latest, of a moment ago."""
    at = Instant(now - BANTIME / 4 * (1 - number / bans))
    who = address(number)
    evidence: tuple[Evidence, ...] = ()
    if number >= bans - _WITH_EVIDENCE:
        evidence = tuple(Evidence(at, 2, (failure(who, at, number + turn),)) for turn in range(FAILURES))
    return Ban("sshd", Subject(who), at, Instant(at + BANTIME), FAILURES, evidence=evidence)


def fill_set_of_peer(first: int, count: int) -> None:
    """Put elements into the set that fail2ban made, as if it had banned them all."""
    family, table, name = _set_of_peer()
    script = "".join(_script(f"add element {family} {table} {name}", first, count))
    subprocess.run(("nft", "-f", "-"), input=script, text=True, check=True)


def _script(command: str, first: int, count: int) -> Iterator[str]:
    for begin in range(first, first + count, _STEP):
        numbers = range(begin, min(begin + _STEP, first + count))
        yield f"{command} {{ {', '.join(map(address, numbers))} }}\n"


def _set_of_peer() -> tuple[str, str, str]:
    listing: Any = json.loads(
        subprocess.run(("nft", "-j", "list", "sets"), capture_output=True, text=True, check=True).stdout
    )
    for entry in listing["nftables"]:
        if "set" in entry and entry["set"]["type"] == "ipv4_addr":
            return entry["set"]["family"], entry["set"]["table"], entry["set"]["name"]
    raise TrialError("fail2ban has made no set")
