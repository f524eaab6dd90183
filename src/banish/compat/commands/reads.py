"""`get JAIL …`: what a jail's configuration says, in the values that fail2ban's clients know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from banish.compat.formula import Formula
from banish.compat.frames.values import Value
from banish.compat.hittags import Template
from banish.core.config import Growth, JailConfig, Rule
from banish.core.dates.pattern import templates
from banish.core.errors import RuleError
from banish.core.exempt import list_path
from banish.core.model import FOREVER, Seconds
from banish.core.subject import address_of

_YEAR: Final = 2026
"""Any will do: what a pattern is called does not depend on it."""


def ignored(jail: JailConfig) -> Value:
    """Return the exempt entries: networks, names and files first, then addresses."""
    entries = [f"file://{path}" if (path := list_path(each)) is not None else each for each in jail.ignoreip]
    return [*(each for each in entries if not _is_address(each)), *filter(_is_address, entries)]


def expressions(rules: tuple[Rule, ...]) -> Value:
    """Return expressions as they are searched for."""
    return [rule.regex for rule in rules]


def journal(jail: JailConfig) -> list[list[str]]:
    """Return the journal's entries that are read: lists of words, any of which will do."""
    return [line.split() for each in jail.journalmatch for line in each.split(" + ") if line.split()]


def seconds(span: Seconds | None) -> Value:
    """Return a span as a number, whole if it is; -1 is for ever."""
    if span is None:
        return None
    if span == FOREVER:
        return -1
    return int(span) if float(span).is_integer() else float(span)


def dates(jail: JailConfig) -> Value:
    """Return the date pattern and what it is called; the pattern is absent where it has only a name."""
    if not jail.datepatterns:
        return (None, "Default Detectors")
    names = [_name(pattern) for pattern in jail.datepatterns]
    if names == [""]:
        return (None, "Default Detectors")
    written = "\n".join(pattern.strip() for pattern in jail.datepatterns)
    return (None if written.upper() in {"EPOCH", "TAI64N"} else written, "\n".join(names))


def _name(pattern: str) -> str:
    try:
        found = templates(pattern.strip(), _YEAR)
    except RuleError:
        return ""
    return found[0].name if len(found) == 1 else ""


def _is_address(entry: str) -> bool:
    return address_of(entry) is not None


def _cache(jail: JailConfig) -> Value:
    cache = jail.ignorecache
    if cache is None:
        return None
    key = cache.key.text if isinstance(cache.key, Template) else ""
    return [key, cache.most, seconds(cache.seconds)]


def _grown(read: Callable[[Growth], Value]) -> Callable[[JailConfig], Value]:
    return lambda jail: read(jail.growth) if jail.growth is not None else None


def _number(value: float) -> str | None:
    return None if value == 1.0 else f"{value:g}"


READS: Final[Mapping[str, Callable[[JailConfig], Value]]] = {
    "ignoreself": lambda jail: jail.ignoreself,
    "ignoreip": ignored,
    "ignorecommand": lambda jail: jail.ignorecommand or False,
    "ignorecache": _cache,
    "logencoding": lambda jail: jail.logencoding,
    "logtimezone": lambda jail: jail.logtimezone or None,
    "journalmatch": lambda jail: [list[Value](each) for each in journal(jail)] if jail.reads_journal else [],
    "prefregex": lambda jail: jail.prefregex.regex if jail.prefregex else "",
    "failregex": lambda jail: expressions(jail.failregex),
    "ignoreregex": lambda jail: expressions(jail.ignoreregex),
    "datepattern": dates,
    "usedns": lambda jail: jail.usedns.value,
    "findtime": lambda jail: seconds(jail.findtime),
    "bantime": lambda jail: seconds(jail.bantime),
    "maxretry": lambda jail: jail.maxretry,
    "maxmatches": lambda jail: jail.maxmatches,
    "maxlines": lambda jail: jail.maxlines,
    "bantime.increment": lambda jail: jail.growth is not None,
    "bantime.factor": _grown(lambda growth: _number(growth.factor)),
    "bantime.formula": _grown(
        lambda growth: growth.formula.text if isinstance(growth.formula, Formula) else None
    ),
    "bantime.multipliers": _grown(lambda growth: " ".join(map(str, growth.multipliers)) or None),
    "bantime.maxtime": _grown(lambda growth: seconds(growth.longest)),
    "bantime.rndtime": _grown(lambda growth: seconds(growth.jitter) or None),
    "bantime.overalljails": _grown(lambda growth: growth.over_all_jails),
}
"""By the word behind `get JAIL`; `logpath`, `actions`, `banip` and `banned` are asked of the daemon."""
