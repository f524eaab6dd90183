"""What the text of a value means: yes or no, a whole number, a span of time, a list, ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from banish.compat.formula import formula, number
from banish.compat.hittags import Template
from banish.compat.optionlist import options
from banish.core.config import IgnoreCache, LogPath
from banish.core.errors import ConfigError
from banish.core.model import FOREVER, Seconds
from banish.core.settings import Kind, Setting

_TRUE = frozenset({"1", "on", "true", "yes"})
_FALSE = frozenset({"0", "off", "false", "no", ""})

# Seconds per unit, in the order in which the original looks for them; it decides what "mo" is, and "m".
_UNITS = tuple(
    (re.compile(rf"(?<=[\d\s])(?:{spellings})\b", re.IGNORECASE), f"*{seconds}")
    for spellings, seconds in (
        ("days?|da|dd?", 24 * 60 * 60),
        ("weeks?|wee?|ww?", 7 * 24 * 60 * 60),
        ("months?|mon?", 365.25 * 24 * 60 * 60 / 12),
        ("years?|yea?|yy?", 365.25 * 24 * 60 * 60),
        ("seconds?|sec?|ss?", 1),
        ("minutes?|min?|mm?", 60),
        ("hours?|hou?|hh?", 60 * 60),
    )
)
_WORD_DIGIT = re.compile(r"(?<=[a-z])(?=\d)", re.IGNORECASE)
_DIGIT_DIGIT = re.compile(r"(\d)\s+(\d)")
_ARITHMETIC = re.compile(r"[\d_.+\-*/%()\s]+", re.ASCII)


def flag(text: str) -> bool:
    """Read yes or no; every word that is not known is a no, as in the original."""
    return text.strip().lower() in _TRUE


def whole(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError as error:
        raise ConfigError("not a whole number; write digits only") from error


def automatic(text: str) -> int | None:
    """Read a whole number, or `auto`, which is none."""
    if text.strip().lower() == "auto":
        return None
    if not text.strip().isdecimal():
        raise ConfigError("neither auto nor a number of 0 or more; write one of them")
    return int(text)


def seconds(text: str) -> Seconds:
    """Read a span of time: `600`, `10m`, `1d 12h`, `1year-6mo`, `2*3h`. `m` is minutes in either case."""
    try:
        return Seconds(float(span(text)))
    except OverflowError as error:
        raise ConfigError("not a duration; write 600, 10m or 1h 30m") from error


def span(text: str) -> int | float:
    """Read a span of time in seconds, a whole number unless it is made of fractions, months or years."""
    expression = _WORD_DIGIT.sub(" ", text)
    for unit, factor in _UNITS:
        expression = unit.sub(factor, expression)
    expression = _DIGIT_DIGIT.sub(r"\1+\2", expression)
    if not _ARITHMETIC.fullmatch(expression) or "**" in expression:
        raise ConfigError("not a duration; write 600, 10m or 1h 30m")
    try:
        return number(expression)
    except ConfigError as error:
        raise ConfigError("not a duration; write 600, 10m or 1h 30m") from error


def ban_seconds(text: str) -> Seconds:
    """Read how long a ban lasts, in whole seconds; `-1` is for ever."""
    span = seconds(text)
    return FOREVER if span == -1.0 else Seconds(float(int(span)))


def words(text: str) -> tuple[str, ...]:
    """Split at blanks, line ends and commas."""
    return tuple(word for word in re.split(r"[\s,]+", text) if word)


def lines(text: str) -> tuple[str, ...]:
    """Split into lines, without the blank ones."""
    return tuple(line for line in text.split("\n") if line.strip())


def numbers(text: str) -> tuple[int, ...]:
    """Read whole numbers with blanks between them."""
    return tuple(whole(word) for word in text.split())


def factor(text: str) -> float:
    """Read a number that may be written as an expression."""
    return float(number(text))


def paths(text: str) -> tuple[LogPath, ...]:
    """Read paths or patterns, one per line, each with the word `head` or `tail` behind it or none."""
    return tuple(_path(line) for line in lines(text))


def _path(line: str) -> LogPath:
    if "\0" in line:
        raise ConfigError("a path must not contain a null byte; remove it")
    path, blank, word = line.strip().rpartition(" ")
    if not blank:
        return LogPath(word)
    if word.lower() not in {"head", "tail"}:
        raise ConfigError(f'"{word}" is neither head nor tail; a path must not contain blanks')
    return LogPath(path, from_end=word.lower() == "tail")


def cache(text: str) -> IgnoreCache | None:
    """Read how long a verdict is believed: `key="<ip>", max-count=100, max-time=5m`; empty is not at all."""
    if not text.strip():
        return None
    given = options(text)
    if unknown := given.keys() - {"key", "max-count", "max-time"}:
        raise ConfigError(f"no option {', '.join(sorted(unknown))}; there are key, max-count and max-time")
    if not given.get("key"):
        raise ConfigError('no key given; write for instance key="<ip>", max-count=100, max-time=5m')
    most, time = whole(given.get("max-count", "100")), seconds(given.get("max-time", "5m"))
    if most < 1:
        raise ConfigError("max-count is too small; write 1 or more")
    return IgnoreCache(Template(given["key"]), most, time)


_READERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.FLAG: flag,
    Kind.WHOLE: whole,
    Kind.AUTO: automatic,
    Kind.NUMBER: factor,
    Kind.NUMBERS: numbers,
    Kind.FORMULA: formula,
    Kind.SPAN: seconds,
    Kind.BAN: ban_seconds,
    Kind.TEXT: str.strip,
    Kind.WORDS: words,
    Kind.LINES: lines,
    Kind.PATHS: paths,
    Kind.OPTIONS: cache,
}


def read(setting: Setting, text: str) -> object:
    """Read the value of a setting, of the type of its field; `None` where an empty text unsets it.

    Expressions, filters and actions are not values on their own and cannot be read here.
    """
    if setting.kind is Kind.CHOICE:
        return _choice(setting, text)
    if not text.strip() and setting.field.startswith("growth.") and setting.kind is not Kind.FLAG:
        return None
    if setting.least is not None and whole(text) < setting.least:
        raise ConfigError(f"too small; write {setting.least} or more")
    return _READERS[setting.kind](text)


def doubt(setting: Setting, text: str) -> str:
    """Say why a value that can be read may not mean what somebody thinks; empty if it is clear."""
    match setting.kind:
        case Kind.CHOICE if setting.otherwise and not _chosen(setting, text):
            choices = ", ".join(setting.choices)
            return f"none of {choices}, and therefore taken for {setting.otherwise}; write one of them"
        case Kind.FLAG if text.strip().lower() not in _TRUE | _FALSE:
            return "neither yes nor no, and therefore taken for no; write yes or no"
        case Kind.BAN if ban_seconds(text) < 1:
            return "bans are over before they begin; write 10m, or -1 for bans that do not end"
        case _:
            return ""


def _choice(setting: Setting, text: str) -> str:
    choice = _chosen(setting, text) or setting.otherwise
    if not choice:
        raise ConfigError(f"none of {', '.join(setting.choices)}; write one of them")
    return choice


def _chosen(setting: Setting, text: str) -> str:
    """Return the choice as the table spells it, empty if it is none; all words for yes and no will do."""
    word = text.strip().lower()
    yes_or_no = "yes" if word in _TRUE else "no" if word in _FALSE - {""} else word
    return next((choice for choice in setting.choices if choice.lower() in {word, yes_or_no}), "")
