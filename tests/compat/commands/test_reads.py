"""What `get JAIL …` tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from banish.compat.commands.edits import edited
from banish.compat.commands.reads import READS, journal
from banish.compat.frames import Value
from banish.core.config import JailConfig
from banish.core.model import FOREVER, Seconds

JAIL = JailConfig(
    "j",
    backend="systemd",
    ignoreip=("192.0.2.1", "10.0.0.0/8", "host.example", "file:/etc/hosts", "::1"),
    journalmatch=("_SYSTEMD_UNIT=a.service + _COMM=b",),
    bantime=FOREVER,
    findtime=Seconds(0.5),
)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("ignoreip", ["10.0.0.0/8", "host.example", "file:///etc/hosts", "192.0.2.1", "::1"]),
        ("ignoreself", True),
        ("ignorecommand", False),
        ("ignorecache", None),
        ("journalmatch", [["_SYSTEMD_UNIT=a.service"], ["_COMM=b"]]),
        ("prefregex", ""),
        ("failregex", []),
        ("bantime", -1),
        ("findtime", 0.5),
        ("maxretry", 3),
        ("usedns", "warn"),
        ("logtimezone", None),
        ("datepattern", (None, "Default Detectors")),
        ("bantime.increment", False),
        ("bantime.factor", None),
        ("bantime.maxtime", None),
    ],
)
def test_what_is_configured_is_told(word: str, value: Value) -> None:
    assert value == READS[word](JAIL)


@pytest.mark.parametrize(
    ("word", "text", "value"),
    [
        ("datepattern", "^%Y-%m-%d", ("^%Y-%m-%d", "^Year-Month-Day")),
        ("datepattern", "EPOCH", (None, "Epoch")),
        ("datepattern", "", (None, "Default Detectors")),
        ("datepattern", "^%Y\n{DATE}", ("^%Y\n{DATE}", "^Year\n")),
        ("ignorecache", 'key="<ip>", max-count=50, max-time=1m', ["<ip>", 50, 60]),
        ("findtime", "10m", 600),
        ("prefregex", "^a", "^a"),
    ],
)
def test_what_was_set_is_told(word: str, text: str, value: Value) -> None:
    assert value == READS[word](edited(JAIL, word, [text]))


def test_how_bans_grow_is_told() -> None:
    jail = edited(JAIL, "bantime.increment", ["yes"])
    for word, text in (
        ("formula", "ban.Time * 2"),
        ("multipliers", "1 2 4"),
        ("maxtime", "1d"),
        ("rndtime", "5"),
        ("overalljails", "true"),
        ("factor", "2"),
    ):
        jail = edited(jail, f"bantime.{word}", [text])
    told = {name.removeprefix("bantime."): READS[name](jail) for name in READS if name.startswith("bantime.")}
    assert told == {
        "increment": True,
        "formula": "ban.Time * 2",
        "multipliers": "1 2 4",
        "maxtime": 86400,
        "rndtime": 5,
        "overalljails": True,
        "factor": "2",
    }


def test_nothing_is_read_of_the_journal_without_matches() -> None:
    assert [] == journal(JailConfig("j"))


def test_a_jail_of_files_reads_nothing_of_the_journal() -> None:
    assert [] == READS["journalmatch"](replace(JAIL, backend="auto"))
