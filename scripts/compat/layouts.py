"""Date patterns out of all their elements, and dates that they match, or nearly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from compat.case import NOW
from compat.words import LAYOUTS, date

_HOUR: Final = 60  # minutes by which the zone of the cases is ahead in winter

_ZONES: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "+0000": 0, "+01:00": 60, "+0130": 90, "-0330": -210, "CET": 60, "EST": -300,
    "A": 60, "CEST": 120, "-08": -480, "UTC+0200": 120, "EST-0500": -600,
}  # fmt: skip
"""Minutes ahead of Greenwich."""

_NO_ZONES: Final = ("XYZ", "MEZ", "+99")  # of the first two the original dies

_DAYS: Final = (
    "%Y-%m-%d", "%ExY-%Exm-%Exd", "%d/%b/%Y", "%d %B %ExY", "%b %d %Y", "%b %d", "%d.%m.%y", "%Exd.%Exm.%Exy",
    "%Exy%Exm%Exd", "%m/%d/%ExY", "%Y/%j", "%j", "%A, %d %B %Y", "%a %b %d", "%G W%V %u", "%Y %U %w",
    "%Y %W %u", "%x", "%m-%d", "%Y", "",
)  # fmt: skip
_NO_DAYS: Final = ("%d", "%b %Y", "%m")  # of the last two the original dies
_TIMES: Final = (
    "%H:%M:%S", "%H:%M:%S", "%k:%M:%S", "%Exk:%M:%S", "%ExH%ExM%ExS", "%I:%M:%S %p", "%l:%M:%S %p",
    "%Exl:%M %p", "%H:%M", "%X", "%H.%M.%S", "%I:%M:%S", "%H%%%M", "%H%M%S", "%k%M", "",
)  # fmt: skip
_FRACTIONS: Final = (("", ""), ("", ""), (r"\.%f", ".%f"), ("[.,]%f", ",%f"), (r"(?:\.%f)?", ".%f"))
_PLACES: Final = (
    ("", ""), ("", ""), (" %z", " %z"), (" ?%Exz", " %z"), (" %Z", " %z"), (" %ExZ", " %z"), ("%z", "%z"),
    ("(?: %z)?", " %z"), ("(?: %z)?", ""),
)  # fmt: skip
_GLUE: Final = (
    (" ", " "),
    (" ", " "),
    ("T", "T"),
    (":", ":"),
    (", ?", ", "),
    ("[T ]", "T"),
    ("", ""),
    (r"\s+", "  "),
)
_AROUND: Final = (
    ("{}", "{}"), ("^{}", "{}"), ("{{^LN-BEG}}{}", "{}"), ("{{^LN-BEG}}{}", "[({}"), (r"^\[{}\]", "[{}]"),
    (r"\[({})\]", "[{}]"), (r"(?:^|x){}", "{}"), (r"^\s*({})", "{}"), ("{}(?= )", "{}"), ("{}$", "{}"),
    ("{{UNB}}{}", "{}"), (r"\b{}\b", "{}"), ("**{}", "{}"), ("**{}**", "a{}"), ("(**{}**)", "a{}b"),
)  # fmt: skip

_ODD: Final = ("99", "0", "", "31", "Feb", "60", "xx")


class Layout(NamedTuple):
    """What a filter says of its dates, "" for the defaults, and how one of some seconds ago is written."""

    pattern: str
    write: Callable[[Random, float], str]


def layout(rng: Random) -> Layout:
    """Make one: a usual one or an odd one, sometimes two at once."""
    made = rng.choice((_usual, _usual, _usual, _composed, _composed, _composed, _mixed))(rng)
    if rng.random() > 0.12:
        return made
    other = _composed(rng)
    patterns = [made.pattern, other.pattern]
    rng.shuffle(patterns)
    return Layout(
        "\n    ".join(filter(None, patterns)), lambda rng, age: rng.choice((made, other)).write(rng, age)
    )


def _usual(rng: Random) -> Layout:
    name = rng.choice(tuple(LAYOUTS))

    def write(rng: Random, age: float) -> str:
        return date(name if rng.random() < 0.95 else rng.choice(tuple(LAYOUTS)), age)

    return Layout(rng.choice(LAYOUTS[name]), write)


def _mixed(rng: Random) -> Layout:
    """Let several ways of writing dates compete, on one line, too."""
    names = rng.sample(tuple(LAYOUTS), rng.choice((2, 3, 5)))
    favourite = rng.choice(names)

    def write(rng: Random, age: float) -> str:
        name = rng.choice((favourite, *names))
        if rng.random() < 0.7:
            return date(name, age)
        between = rng.choice((" ", " a ", " a much longer word "))
        return date(name, age) + between + date(rng.choice(names), age)

    return Layout(rng.choice(("", "", "{^LN-BEG}", "{DATE}", "{^LN-BEG}\n    {DATE}", "{DATE} ")), write)


def _composed(rng: Random) -> Layout:
    """Put a pattern together, and next to it the text that it means, in the same tokens."""
    day, time = rng.choice(_DAYS if rng.random() < 0.97 else _NO_DAYS), rng.choice(_TIMES)
    glue, fraction, zone, around = map(rng.choice, (_GLUE, _FRACTIONS, _PLACES, _AROUND))
    parts = [(day, day), glue, (time, time), fraction]
    if rng.random() < 0.15:
        parts = [(time, time), fraction, glue, (day, day)]
    regex = "".join(part for part, _ in parts) + zone[0]
    text = around[1].format("".join(part for _, part in parts) + zone[1])
    names = rng.sample(tuple(_ZONES), 2)
    return Layout(around[0].format(regex), lambda rng, age: _write(rng, text, age, rng.choice(names)))


def _write(rng: Random, text: str, age: float, zone: str) -> str:
    """Write a date by tokens; once in a while one of them is not what it should be."""
    at = datetime.fromtimestamp(NOW - age, UTC) + timedelta(minutes=_ZONES[zone] if "%z" in text else _HOUR)
    odd = rng.randrange(12 * text.count("%") + 1) if rng.random() < 0.3 else -1
    written, rest, number = "", text, 0
    while rest:
        head, sign, rest = rest.partition("%")
        written += head
        if sign:
            token, rest = _token(rest)
            number += 1
            written += rng.choice(_ODD) if number == odd else _text(rng, token, at, zone)
    return written


def _token(rest: str) -> tuple[str, str]:
    size = 3 if rest.startswith("Ex") else 1
    return rest[size - 1 : size], rest[size:]


_LOOSE: Final[Mapping[str, Sequence[str]]] = {
    "d": ("%d", "%d", "%d", "%e", "%-d"),
    "m": ("%m", "%m", "%m", "%-m"),
    "k": ("%k", "%H", "%-H"),
    "l": ("%l", "%I", "%-I"),
    "H": ("%H", "%H", "%H", "%-H"),
    "b": ("%b", "%b", "%b", "%^b"),
    "p": ("%p", "%p", "%P"),
    "x": ("%m/%d/%y",),
    "X": ("%H:%M:%S",),
    "f": ("%f",),
}
"""Of what else strftime gives, what a token may be written as."""


def _text(rng: Random, token: str, at: datetime, zone: str) -> str:
    if token == "z":
        return zone if rng.random() < 0.998 else rng.choice(_NO_ZONES)
    if token == "f":
        return at.strftime("%f")[: rng.choice((1, 3, 6))]
    return at.strftime(rng.choice(_LOOSE.get(token, (f"%{token}",))))
