"""The language of date patterns: from one line of `datepattern` to one template, or to a family of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from banish.core.dates import epoch
from banish.core.dates.clock import Clock
from banish.core.dates.convert import convert
from banish.core.dates.formats import FORMATS
from banish.core.dates.template import LINE_BEGIN, Template, build
from banish.core.dates.tokens import expand
from banish.core.errors import RuleError
from banish.core.model import Instant

DEFAULT = "{DEFAULT}"
NONE = "{NONE}"
_DATE = re.compile(r"\{DATE\}", re.IGNORECASE)

_HEAVY = 100  # what a hit of a default counts that is bound to the start of a line; others count 1


class _Stamp(NamedTuple):
    """A number that is a point in time: where it may stand, what it looks like, how it is read."""

    name: str
    places: str
    regex: str
    instant: Callable[[str], Instant]


_STAMPS: Mapping[str, _Stamp] = {
    "EPOCH": _Stamp("Epoch", epoch.PLACES, epoch.EPOCH, epoch.seconds),
    "LEPOCH": _Stamp("LongEpoch", epoch.PLACES, epoch.LONG_EPOCH, epoch.long_seconds),
    "TAI64N": _Stamp("TAI64N", "", epoch.TAI64N, epoch.tai64n),
}


def is_family(pattern: str) -> bool:
    """Whether the pattern stands for many of the defaults, so that meeting one twice is no mistake."""
    key = _key(pattern)
    return key in {DEFAULT, LINE_BEGIN} or "{DATE}" in key


def templates(pattern: str, year: int) -> tuple[Template, ...]:
    """Compile a pattern; `year` is the year of start. `RuleError` if it cannot be."""
    try:
        return _templates(pattern, year)
    except ValueError as error:
        raise RuleError(f'datepattern "{pattern}": {error}') from error
    except (re.error, OverflowError, RecursionError) as error:
        raise RuleError(f'datepattern "{pattern}": {error}; write a regular expression') from error


@lru_cache(maxsize=4)
def _defaults(year: int) -> Mapping[str, Template]:
    """By what they are written as: formats as if bound to the start of a line, then all as they are."""
    plain = {pattern: _single(pattern, year) for pattern in FORMATS}
    bound = {
        LINE_BEGIN + pattern: _single(LINE_BEGIN + pattern, year, _HEAVY)
        for pattern, template in plain.items()
        if not template.begins
    }
    return {_key(pattern): template for pattern, template in (bound | plain).items()}


def _templates(pattern: str, year: int) -> tuple[Template, ...]:
    key, known = _key(pattern), _defaults(year)
    if key == DEFAULT:
        return tuple(known.values())
    if key == LINE_BEGIN:
        return tuple(template for template in known.values() if template.begins)
    if key in known:
        return (known[key],)
    if "{DATE}" in key:
        around = _DATE.split(pattern)
        return tuple(_single(date.removeprefix(LINE_BEGIN).join(around), year) for date in FORMATS)
    return (_single(pattern, year),)


def _key(pattern: str) -> str:
    """Return the pattern as it is compared with special names: in capitals, unless it has tokens."""
    return pattern if "%" in pattern else pattern.upper()


def _single(pattern: str, year: int, weight: int = 1) -> Template:
    key = _key(pattern)
    stamp = _STAMPS.get(key.removeprefix(LINE_BEGIN).removeprefix("^"))
    if key == NONE:
        return build("^", "^", _by_tokens)
    if stamp:
        return _stamp(stamp, weight, is_line_begin=key not in _STAMPS)
    embedded = re.search(r"\{(L?EPOCH)\}", pattern, re.NOFLAG if "%" in pattern else re.IGNORECASE)
    if embedded:
        return _with_epoch(pattern, embedded)
    regex, name, is_caseless = expand(pattern, year)
    template = build(regex, name, _by_tokens, "iu" if is_caseless else "", weight)
    return replace(template, pattern=pattern)


def _stamp(stamp: _Stamp, weight: int, *, is_line_begin: bool) -> Template:
    start = LINE_BEGIN if is_line_begin else stamp.places
    regex = f"{start}({stamp.regex})"
    return build(regex, stamp.name, lambda match, _clock, _now: stamp.instant(match[1]), weight=weight)


def _with_epoch(pattern: str, place: re.Match[str]) -> Template:
    """Compile a pattern with an epoch in it; the rest is a plain regular expression, percent signs too."""
    stamp = _STAMPS[place[1].upper()]

    def read(match: re.Match[str], _clock: Clock, _now: Instant) -> Instant | None:
        text = match["epoch"]
        return stamp.instant(text) if text else None

    return build(f"{pattern[: place.start()]}(?P<epoch>{stamp.regex}){pattern[place.end() :]}", pattern, read)


def _by_tokens(match: re.Match[str], clock: Clock, now: Instant) -> Instant | None:
    return convert(match.groupdict(), clock, now)
