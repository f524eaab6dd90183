"""The %-tokens of date patterns: what each one matches, and the word that stands for it in reports.

A token becomes a named group; which group names have a meaning is told in `convert`. Orders inside the
alternatives matter where a pattern has no boundaries, and are those of the fail2ban engine.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

OFFSET = r"[+-][01]\d(?::?\d\d)?"
ABBREVIATION = "[A-Z](?:[A-Z]{2,4})?"


class Token(NamedTuple):
    """A regular expression, and the word for reports; without a word the token stands for itself there."""

    regex: str
    word: str = ""


def _group(name: str, regex: str, word: str = "") -> Token:
    return Token(f"(?P<{name}>{regex})", word)


def _short(names: tuple[str, ...]) -> str:
    return "|".join(name[:3] for name in names)


# Source of the plain ones: time.strptime in the C locale.
_CLOCK = r"(?P<H>2[0-3]|[01]\d|\d):(?P<M>[0-5]\d|\d):(?P<S>6[01]|[0-5]\d|\d)"
_MONTH = "(?P<m>1[0-2]|0[1-9]|[1-9])"
_DAY = r"(?P<d>3[01]|[12]\d|0[1-9]|[1-9]| [1-9])"

_TOKENS: Mapping[str, Token] = {
    "%": Token("%", "%"),
    "A": _group("A", "|".join(WEEKDAYS), "DAYNAME"),
    "B": _group("B", "|".join(MONTHS), "MONTH"),
    "G": _group("G", r"\d{4}"),
    "H": _group("H", r"[01]?\d|2[0-3]", "24hour"),
    "I": _group("I", "1[0-2]|0[1-9]|[1-9]", "12hour"),
    "M": _group("M", r"[0-5]\d|\d", "Minute"),
    "S": _group("S", r"[0-5]\d|\d|6[01]", "Second"),
    "U": _group("U", r"5[0-3]|[0-4]\d|\d", "Yearweek"),
    "V": _group("V", r"5[0-3]|0[1-9]|[1-4]\d|\d"),
    "W": _group("W", r"5[0-3]|[0-4]\d|\d", "Yearweek"),
    "X": Token(_CLOCK),
    "Y": _group("Y", r"\d{4}", "Year"),
    "Z": _group("Z", "Z|[A-Z]{3,5}", "Zone name"),
    "a": _group("a", _short(WEEKDAYS), "DAY"),
    "b": _group("b", _short(MONTHS), "MON"),
    "c": Token(rf"(?P<a>{_short(WEEKDAYS)})\s+(?P<b>{_short(MONTHS)})\s+{_DAY}\s+{_CLOCK}\s+(?P<Y>\d{{4}})"),
    "d": _group("d", r"[12]\d|[ 0]?[1-9]|3[01]", "Day"),
    "f": _group("f", "[0-9]{1,6}", "Microseconds"),
    "j": _group("j", r"36[0-6]|3[0-5]\d|[12]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]", "Yearday"),
    "k": _group("H", r" ?[0-2]?\d"),
    "l": _group("I", r" ?1?\d"),
    "m": _group("m", "0?[1-9]|1[0-2]", "Month"),
    "p": _group("p", "am|pm", "AMPM"),
    "u": _group("u", "[1-7]"),
    "w": _group("w", "[0-6]", "Weekday"),
    "x": Token(rf"{_MONTH}/{_DAY}/(?P<y>\d\d)"),
    "y": _group("y", r"\d\d", "Year2"),
    "z": _group("z", f"Z|UTC|GMT|{OFFSET}", "Zone offset"),
    "ExH": _group("H", r"2[0-3]|[01]\d", "Ex24hour"),
    "ExM": _group("M", r"[0-5]\d", "ExMinute"),
    "ExS": _group("S", r"6[01]|[0-5]\d", "ExSecond"),
    "ExZ": _group("Z", ABBREVIATION, "ExZone name"),
    "Exd": _group("d", r"3[01]|[12]\d|0[1-9]", "ExDay"),
    "Exk": _group("H", r" ?(?:[01]?\d|2[0-3])"),
    "Exl": _group("I", r" ?(?:1[0-2]|\d)"),
    "Exm": _group("m", "1[0-2]|0[1-9]", "ExMonth"),
    "Exy": _group("y", r"\d\d", "ExYear2"),
    "Exz": _group("z", f"(?:{ABBREVIATION})?{OFFSET}|{ABBREVIATION}", "ExZone offset"),
}

_TOKEN = re.compile(r"%(Ex[A-Za-z]|.?)", re.DOTALL)
_WORDS = frozenset("aAbBpc")  # tokens that match words, whose case is then of no matter


class Expansion(NamedTuple):
    """A pattern with its tokens replaced: by groups in `regex`, by words in `name`."""

    regex: str
    name: str
    is_caseless: bool


def expand(pattern: str, year: int) -> Expansion:
    """Replace the tokens; `year` is the year of start. An unknown token is a `ValueError` that names it."""
    table = _tokens(year)
    used = [match[1] for match in _TOKEN.finditer(pattern)]
    for key in used:
        if key not in table:
            raise ValueError(f'unknown token "%{key}"; write %% for a percent sign')
    return Expansion(
        regex=_TOKEN.sub(lambda match: table[match[1]].regex, pattern),
        name=_TOKEN.sub(lambda match: table[match[1]].word or match[0], pattern),
        is_caseless=not _WORDS.isdisjoint(used),
    )


@lru_cache(maxsize=4)
def _tokens(year: int) -> Mapping[str, Token]:
    """Add the one token that depends on the year of start: `%ExY`, years of a decade that is plausible."""
    decades = sorted({str(known // 10) for known in range(2000, max(2000, year) + 4)})
    plausible = _group("Y", rf"(?:{'|'.join(decades)})\d", "ExYear")
    return MappingProxyType({**_TOKENS, "ExY": plausible})
