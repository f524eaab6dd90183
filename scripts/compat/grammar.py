"""Filters out of the grammar of tags, and lines that their expressions nearly match.

An expression is a row of parts; each part knows how to write a text that it matches. So the lines of a log
come from the filter that reads it: most match, many nearly do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from compat.case import NAME, Case
from compat.layouts import Layout, layout
from compat.parts import CONTROL, Expression, Part, control, escaped, expression, literal, user, word
from compat.words import HOSTS, odd


class Options(NamedTuple):
    """Which parts of expressions are options, what the filter says of them, and what the call gives."""

    words: Mapping[str, str] = MappingProxyType({})
    definition: Sequence[str] = ()
    init: Sequence[str] = ()
    call: str = ""


@dataclass(slots=True)
class Filter:
    """A filter as it is being made."""

    fails: list[Expression]
    ignores: list[Expression] = field(default_factory=list)
    prefix: str = ""
    head: Callable[[Random], str] = lambda _: ""
    maxlines: int = 1
    datepattern: str = ""
    length: int = 0  # of the log; 0 for any

    def definition(self, options: Options) -> str:
        """Write it down, with `options` in the places of words."""
        said = [("prefregex", [escaped(self.prefix)])]
        said += [("failregex", [rule.written(options.words) for rule in self.fails])]
        said += [("ignoreregex", [rule.written(options.words) for rule in self.ignores])]
        said += [("datepattern", [escaped(self.datepattern)])]
        lines = ["[Definition]", *options.definition]
        for name, values in said:
            if any(values):
                lines.append(f"{name} = " + "\n    ".join(values))
        lines += [f"maxlines = {self.maxlines}"] if self.maxlines > 1 else []
        return "\n".join([*lines, *options.init]) + "\n"


_PREFIX_WHO: Final = (
    ("", ""), ("", ""), ("(?:<ADDR> )?", "192.0.2.3 "), (r"<F-ID>\w+</F-ID> ", "bob "),
    (r"(?:<F-USER>\w+</F-USER> )?", "bob "),
)  # fmt: skip
_CONTENT: Final = (
    "<F-CONTENT>.+</F-CONTENT>$",
    "<F-CONTENT>.*</F-CONTENT>$",
    "",
    "<F-CONTENT>.*?</F-CONTENT>(?: end)?$",
)


_SOMEBODY: Final = Part("<ADDR>", lambda rng: rng.choice(HOSTS[:9]))


def _single(rng: Random) -> Filter:
    made = Filter([expression(rng) for _ in range(rng.choice((1, 2, 3, 5, 8)))])
    if rng.random() < 0.4:
        who, text = rng.choice(_PREFIX_WHO)
        made.prefix = rf"^\s*\w*\[?\d*\]?: {who}{rng.choice(_CONTENT)}"
        heads = (f"srv[12]: {text}", f"srv: {text}", f"srv: {text}", "srv: ", "")
        made.head = lambda rng: rng.choice(heads)
        if (
            rng.random() < 0.4
        ):  # matches what is in front, too, which is searched if there is nothing behind it
            made.fails.append(Expression([Part("srv", lambda _: "srv"), _SOMEBODY], gap=".*"))
    return made


_NAME: Final = Part(r"<F-USER>\w*</F-USER>", lambda rng: rng.choice(("anna", "anna", "bob", "")))


def _story(rng: Random) -> Expression:
    """Make an expression of the kind that filters for connections have."""
    tags = rng.choice(((), (), ("NOFAIL",), ("MLFGAINED",), ("MLFFORGET",), CONTROL[1:3]))
    facts = rng.choice(([], [_SOMEBODY], [_NAME], [_NAME], [_NAME, _SOMEBODY]))
    return Expression([literal(rng), *map(control, tags), *facts], "^", rng.choice(("", "$")))


def _session(rng: Random) -> Filter:
    """Lines of several connections, which tell who it is when they like."""
    if rng.random() < 0.5:
        made = Filter([_story(rng) for _ in range(5)])
    else:
        made = Filter(
            [expression(rng, who=rng.random() < 0.5, session=True) for _ in range(rng.choice((2, 5)))]
        )
    made.prefix = rng.choice((
        r"^\s*<F-MLFID>srv\[\d+\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$",
        r"^<F-MLFID>\s*srv\[\d+\]:</F-MLFID> (?:<F-NOFAIL>soft</F-NOFAIL> )?<F-CONTENT>.+</F-CONTENT>$",
        r"^\s*<F-MLFID>srv\[\d+\]</F-MLFID>: (?:<ADDR> )?",
    ))  # fmt: skip
    numbers = rng.choice((range(1, 3), range(1, 6), range(1, 150)))
    turns = cycle(range(rng.randrange(101, 150))) if rng.random() < 0.1 else None
    made.length = (
        320 if turns else 0
    )  # of as many connections as are remembered, or some more; not all of their lines match

    def head(rng: Random) -> str:
        number = next(turns) if turns else rng.choice(numbers)
        return f"srv[{number}]: {rng.choice(('', '', '', 'soft ', '192.0.2.3 '))}"

    made.head = head
    return made


def _window(rng: Random) -> Filter:
    """Expressions over several lines."""
    made = Filter([], maxlines=rng.choice((2, 3, 5, 10)))
    for _ in range(rng.choice((1, 2, 3))):
        first, second = expression(rng, who=False), expression(rng)
        between = Part(rng.choice(("<SKIPLINES>", "<SKIPLINES>", r"\n", r"\n(?:.*\n)?")), lambda _: "\n")
        second.start = rng.choice(("", "", "^", r"\s*"))
        both = Expression([*first.parts, between, *second.parts], first.start, second.end, r"\s*")
        made.fails.append(rng.choice((second, both, both)))
    return made


def _ignored(rng: Random) -> Expression:
    """Make an expression for what is to be ignored; many lines have it."""
    common = Part(rng.choice((r"\b192\.0\.2\.1\b", r"srv\[?1", "anna|root|bob", r"^\s*\w+ \w+ ")), user)
    return rng.choice(
        (Expression([common]), Expression([literal(rng)]), expression(rng, who=rng.random() < 0.3))
    )


def case(seed: int) -> Case:
    """Make a filter, and a log for it."""
    rng = Random(f"grammar {seed}")
    made = rng.choice((_single, _single, _session, _session, _window))(rng)
    made.ignores = [_ignored(rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    dates = layout(rng)
    on_command_line = rng.random() < 0.1 and "\n" not in dates.pattern
    made.datepattern = "" if on_command_line else dates.pattern
    options = _options(rng, made) if rng.random() < 0.3 else Options()
    encoding = rng.choice(_ENCODINGS)
    return Case(
        f"grammar {seed}",
        b"".join(line.replace(b"\n", b"") + b"\n" for line in _lines(rng, made, dates, encoding)),
        NAME + options.call,
        made.definition(options),
        datepattern=dates.pattern if on_command_line else "",
        usedns=rng.choice(("raw", "raw", "warn", "no", "yes")),
        encoding=encoding,
        timezone=rng.choice(_ZONES) if rng.random() < 0.1 else "",
    )


_ENCODINGS: Final = (*("utf-8",) * 20, "latin-1", "ascii", "cp1252", "koi8-r", "shift_jis")
_ZONES: Final = ("UTC", "+0300", "-02:30", "EST", "UTC+0100", "CET")


def _options(rng: Random, made: Filter) -> Options:
    """Let a word of the expressions be an option, which the call may give another value."""
    words = sorted({part.regex for rule in made.fails for part in rule.parts if part.regex.isalpha()})
    if not words:
        return Options()
    word, other = rng.choice(words), rng.choice((*words, "(?:fail|x)", r"\S+"))
    given = rng.choice(
        ("", "", f"[opt={other}]", f"[opt='{other}']", f'[opt="{other}", mode=all]', "[mode=all]")
    )
    return rng.choice((
        Options({word: "%(opt)s"}, [f"opt = {word}"], [], given),
        Options({word: "<opt>"}, [f"opt = {word}"], [], given),
        Options({word: "<opt>"}, [], ["[Init]", f"opt = {word}"], given),
        Options({word: "<opt>"}, ["opt = <more>", f"more = {word}"], [], given),
        Options({word: "<opt-<mode>>"}, [f"opt-x = {word}", f"opt-all = {other}", "mode = x"], [], given),
        Options({word: "<opt>"}, [f"opt = {other}"], ["[Init]", f"opt = {word}"], given),
        Options({word: "%(opt)s"}, [], ["[DEFAULT]", f"opt = {word}"], given),
        Options({}, [], [], rng.choice(("[maxlines=3]", "[maxlines=1]"))),
        Options({}, [], ["[Init]", "maxlines = 4"], ""),
    ))  # fmt: skip


_BEFORE: Final = ("[", "<[", "  ", "(((", "a ", "<6>")  # where dates are not expected to begin


def _lines(rng: Random, made: Filter, dates: Layout, encoding: str) -> Iterator[bytes]:
    """Write a log of at most five minutes, in order."""
    age = rng.choice((100.0, 280.0))
    for _ in range(made.length or rng.choice((3, 10, 30, 30) if rng.random() < 0.97 else (300,))):
        age -= rng.random() * age / 10
        stamp = (rng.choice(_BEFORE) if rng.random() < 0.06 else "") + dates.write(rng, age)
        for text in _texts(rng, made):
            line = f"{stamp}{rng.choice((' ', ' ', ' ', ''))}{made.head(rng)}{text.strip()}".encode(
                encoding, "replace"
            )
            yield odd(rng, line) if rng.random() < 0.12 else line


def _texts(rng: Random, made: Filter) -> Iterator[str]:
    """Write what is behind the dates: a line or, of an expression over several, some with others between."""
    text = rng.choice([*made.fails, *made.fails, *made.ignores]).text(rng)
    if made.prefix and rng.random() < 0.07:
        text = ""
    if rng.random() < 0.1:
        text = rng.choice((f"{text} {word(rng)}", word(rng), "", ""))
    for line in text.split("\n"):
        yield line
        if made.maxlines > 1 and rng.random() < 0.3:
            yield rng.choice(made.fails).text(rng).partition("\n")[0]
