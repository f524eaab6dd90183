"""One language for both: what a jail is, told in the words of the original's stream of commands."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from banish.adapters.sources.patterns import survey
from banish.compat import values
from banish.compat.actions import actname
from banish.compat.hittags import Template
from banish.core.config import Action, Formula, Growth, IgnoreCache, JailConfig, Rule, ServerConfig, UseDns

Meaning: TypeAlias = "dict[str, object]"

SPANS = ("findtime", "bantime.maxtime", "bantime.rndtime", "dbpurgeage")
TRIES = [(600.0, count, factor) for count in (0, 1, 2, 7, 21, 60) for factor in (0.5, 1.0, 3.0)]
"""What a formula is tried on: ban time, earlier bans, factor."""


def normal(option: str, value: object) -> object:
    """Bring a value of the stream to the form in which ours are told; `None` stays, it will be refused."""
    if not isinstance(value, str):
        return value
    if option in SPANS:
        return float(values.seconds(value)) if value else 0.0
    read = _NORMAL.get(option)
    return read(value) if read else value


def _tried(formula: str) -> list[float]:
    """Do what the original does with a formula: take it for a piece of Python."""

    class Ban:
        Time, Count = 0.0, 0

    def banned(time: float, count: int, factor: float) -> float:
        Ban.Time, Ban.Count = time, count
        names = {"ban": Ban, "banFactor": factor, "math": math, "min": min, "max": max}
        return float(eval(formula, {"__builtins__": {}}, names))

    return [banned(*each) for each in TRIES] if formula else []


def _cache(text: str) -> object:
    found = values.cache(text)
    return _cached(found) if found else ""


def _cached(cache: IgnoreCache) -> object:
    key = cache.key.text if isinstance(cache.key, Template) else cache.key
    return key, cache.most, float(cache.seconds)


_DNS = frozenset(mode.value for mode in UseDns)
_NORMAL: Mapping[str, Callable[[str], object]] = {
    "bantime": lambda text: float(values.ban_seconds(text)),
    "datepattern": lambda text: list(values.lines(text)),
    "ignorecommand": str.strip,
    "usedns": lambda text: UseDns(text.lower()).value if text.lower() in _DNS else "no",
    "bantime.factor": lambda text: float(eval(text)) if text else 1.0,
    "bantime.formula": _tried,
    "bantime.multipliers": lambda text: [int(word) for word in text.split()],
    "ignorecache": _cache,
    "loglevel": str.upper,
    "allowipv6": lambda text: (
        "auto" if text.lower() == "auto" else "yes" if text.lower() in {"1", "on", "true", "yes"} else "no"
    ),
    "dbfile": lambda text: None if text.lower() == "none" else text,
}


def meaning(jail: JailConfig) -> Meaning:
    """Tell a jail, without what only repeats a default."""
    said: Meaning = {
        "backend": jail.backend,
        "usedns": jail.usedns.value,
        "prefregex": jail.prefregex.text if jail.prefregex else None,
        "failregex": _texts(jail.failregex),
        "ignoreregex": _texts(jail.ignoreregex),
        "maxlines": jail.maxlines,
        "datepattern": list(jail.datepatterns) or None,
        "journalmatch": [shlex.split(line) for line in jail.journalmatch] or None,
        "maxretry": jail.maxretry,
        "maxmatches": jail.maxmatches,
        "findtime": float(jail.findtime),
        "bantime": float(jail.bantime),
        "ignorecommand": jail.ignorecommand,
        "ignoreself": jail.ignoreself,
        "ignoreip": list(jail.ignoreip),
        "ignorecache": _cached(jail.ignorecache) if jail.ignorecache else "",
        "logencoding": jail.logencoding,
        "logtimezone": jail.logtimezone,
        "logpath": _files(jail),
        "actions": [actname(action, jail.name) for action in jail.actions],
        "arguments": [pair for action in jail.actions for pair in _named(action, jail.name)],
        **(_growth(jail.growth) if jail.growth else {}),
    }
    return {key: value for key, value in said.items() if value is not None}


def _growth(growth: Growth) -> Meaning:
    return {
        "bantime.increment": True,
        "bantime.factor": growth.factor,
        "bantime.formula": _results(growth.formula) if growth.formula else [],
        "bantime.multipliers": list(growth.multipliers),
        "bantime.maxtime": float(growth.longest or 0),
        "bantime.rndtime": float(growth.jitter),
        "bantime.overalljails": growth.over_all_jails,
    }


def _results(formula: Formula) -> list[float]:
    return [formula(*each) for each in TRIES]


def whole(server: ServerConfig) -> Meaning:
    """Tell what concerns no single jail."""
    return {
        "syslogsocket": server.syslogsocket,
        "loglevel": server.loglevel,
        "logtarget": server.logtarget,
        "allowipv6": server.allowipv6,
        "dbfile": server.dbfile,
        "dbmaxmatches": server.dbmaxmatches,
        "dbpurgeage": float(server.dbpurgeage),
    }


def _texts(rules: Sequence[Rule]) -> list[str] | None:
    return [rule.text for rule in rules] or None


def _files(jail: JailConfig) -> list[tuple[str, str]] | None:
    """Return the files that there are, each with the end at which reading begins."""
    if jail.backend.startswith("systemd"):
        return None
    found = {
        (file, "tail" if path.from_end else "head")
        for path in jail.logpaths
        for file in survey([path.pattern]).paths
        if Path(file).exists()
    }
    return sorted(found)


def _named(action: Action, jail: str) -> list[tuple[str, str]]:
    """Return the arguments with the name that the original adds where none is given."""
    arguments = dict(action.arguments)
    if not action.name.endswith(".py"):
        arguments.setdefault("name", jail)
    return [pair for pair in arguments.items() if pair[0] != "actname" and not is_shell(pair[0])]


def is_shell(key: str) -> bool:
    """Whether a word is an option of all actions, which are sent before the arguments."""
    return key in {"norestored", "timeout"} or key.startswith("action")
