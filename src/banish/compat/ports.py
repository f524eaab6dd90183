"""Ports and protocols as the arguments of actions write them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from banish.core.config import Scope
from banish.core.errors import ConfigError

Range = tuple[int, int]

HIGHEST = 65535

_RANGE = re.compile(r"([^:]+):([^:]+)|(\d+)-(\d+)")
_EVERYTHING = frozenset({"all", "any"})


def scopes(ports: str, protocols: str, services: Mapping[str, int]) -> tuple[tuple[Scope, ...], list[str]]:
    """Return what is cut, and what is wrong with the words that name no port.

    `http,https,8080,1000:2000`; `all` or the whole range is all ports, `all` for a protocol is everything.
    """
    names = _words(protocols)
    if not names or _EVERYTHING & {*names}:
        return (Scope(),), []
    words = _words(ports)
    if not words or _EVERYTHING & {*words}:
        return tuple(Scope(name) for name in sorted(set(names))), []
    ranges, faults = _ranges(words, services)
    spans = _merged(ranges)
    if any(low <= 1 and high == HIGHEST for low, high in spans):
        spans = ()
    return (tuple(Scope(name, spans) for name in sorted(set(names))) if ranges else ()), faults


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,{}]+", text.lower()) if word]


def _ranges(words: Iterable[str], services: Mapping[str, int]) -> tuple[list[Range], list[str]]:
    """Return the ranges, and what is wrong with the words that are none."""
    ranges: list[Range] = []
    faults: list[str] = []
    for word in words:
        try:
            ranges.append(_range(word, services))
        except ConfigError as error:
            faults.append(str(error))
    return ranges, faults


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Sort, and make one of ranges that touch."""
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def _range(word: str, services: Mapping[str, int]) -> Range:
    """Read one port or range; only a colon may stand between names, since a dash may be part of one."""
    ends = _RANGE.fullmatch(word)
    low, high = (ends[1] or ends[3], ends[2] or ends[4]) if ends else (word, word)
    result = _port(low, services), _port(high, services)
    if result[0] > result[1]:
        raise ConfigError(f'"{word}" ends before it begins; write the lower port first')
    return result


def _port(word: str, services: Mapping[str, int]) -> int:
    if word.isascii() and word.isdigit():
        number = int(word[:6])
        if number > HIGHEST:
            raise ConfigError(f'"{word}" is no port; write a number from 0 to {HIGHEST}')
        return number
    try:
        return services[word]
    except KeyError:
        near = difflib.get_close_matches(word, services, n=1)
        hint = f"did you mean {near[0]}?" if near else "write its number"
        raise ConfigError(f'"{word}" is no service that this machine knows; {hint}') from None
