"""Filters out of the grammar of tags, and lines that their expressions nearly match.

An expression is a row of parts; each part knows how to write a text that it matches. So the lines of a log
come from the filter that reads it: most match, many nearly do.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from banish.compat.tags import expand
from banish.core.config import UseDns
from banish.core.errors import RuleError
from compat.case import Case
from compat.words import HOSTS, LAYOUTS, USERS, WORDS, date, odd


class Part(NamedTuple):
    """A piece of an expression, and how a text for it is written."""

    regex: str
    text: Callable[[Random], str]


def _word(rng: Random) -> str:
    return rng.choice(WORDS)


def _host(rng: Random) -> str:
    return rng.choice(HOSTS)


def _user(rng: Random) -> str:
    return rng.choice(USERS)


def _number(rng: Random) -> str:
    return str(rng.choice((22, 80, 65535, 4711)))


def _short(rng: Random) -> str:
    return rng.choice(("", "a", "x1", "- ", "٣"))


_PLAIN: Final = (
    Part(r"\S+", _user), Part(r"\d+", _number), Part(".*", _word), Part(".*?", _word),
    Part(r"\s*", lambda _: " "), Part(r"[^\]]*", _user), Part(r'"[^"]*"', lambda rng: f'"{_user(rng)}"'),
    Part("(?:fail|login) ?", _word), Part(r"(?:\[\d+\])?", lambda rng: rng.choice(("", "[12]"))),
    Part(r"(?i:FAIL)", _word), Part(r"\bfail\b", _word), Part(r"(?!ok)\w*", _word),
    Part(r"(?<=\s)?", _short), Part(r"(?P<q>['\"]?)\w*(?P=q)", _short), Part(r"(?:(?i)ERROR|x)", _word),
    Part(r"(?P<c>\()?x(?(c)\)|y)", lambda rng: rng.choice(("(x)", "xy", "x"))),
    Part(r"<unknown>", lambda _: "<unknown>"), Part(r"\w{1,3}", _short), Part(r"[\s\S]", _short),
    Part(".+", _word),
)  # fmt: skip
_WHO: Final = (
    Part("<HOST>", _host), Part("<HOST>", _host), Part("<ADDR>", _host), Part("<IP4>", _host),
    Part("<IP6>", _host), Part("<DNS>", _host), Part("<SUBNET>", _host), Part("<F-ADDR/>", _host),
    Part("<F-IP4/>", _host), Part("<F-DNS/>", _host), Part(r"\[?<IP4>/<CIDR>\]?", _host),
    Part("<IP6>(?:/<F-CIDR/>)?", _host), Part("<F-SUBNET/>", _host), Part("<F-DNS>[^ ]+</F-DNS>", _host),
    Part("<F-IP4>[0-9.]+</F-IP4>", _host), Part("(?:<ADDR>|<DNS>)", _host), Part("(?:<HOST>)?", _host),
    Part("(?P<host>\\S+) <ADDR>", lambda rng: f"{_host(rng)} {_host(rng)}"),
)  # fmt: skip
_TOLD: Final = (
    Part("<F-ID/>", _host), Part(r"<F-ID>\S*</F-ID>", _host), Part("<F-ID>.+?</F-ID>", _user),
    Part(r"<F-ID>\w*</F-ID>", _user), Part("<F-TUPLE_ID>\\S+</F-TUPLE_ID>", _user),
    Part("<F-TUPLE_ID_1>\\d*</F-TUPLE_ID_1>", _number), Part("<F-ALT_ID>\\S+</F-ALT_ID>", _host),
    Part(r"<F-USER>\S*</F-USER>", _user), Part("<F-USER>.*?</F-USER>", _user),
    Part("(?:<F-USER>\\S+</F-USER>)?", _user), Part(r"<F-ALT_USER>\w*</F-ALT_USER>", _user),
    Part("<F-ALT_USER_1>.*</F-ALT_USER_1>", _user), Part(r"<F-ALT_USER1>\w*</F-ALT_USER1>", _user),
    Part("<F-TUPLE_USER>\\w*</F-TUPLE_USER>", _user), Part("<F-PORT/>", _number),
    Part(r"<F-PORT>\d*</F-PORT>", _number), Part("<F-ALT_PORT>\\d+</F-ALT_PORT>", _number),
    Part(r"<F-RHOST>\S+</F-RHOST>", _host), Part("<F-X1>.</F-X1>", _short),
    Part("</F-NEVER>", lambda _: "</F-NEVER>"),
)  # fmt: skip
_TRIES: Final = 12  # texts drawn for one line
_CONTROL: Final = ("NOFAIL", "MLFGAINED", "MLFFORGET", "NOFAIL", "MLFFORGET")


def _group(tag: str) -> Part:
    word = tag.lower()
    return Part(f"<F-{tag}>{word}</F-{tag}>", lambda _: word)


def _literal(rng: Random) -> Part:
    word = rng.choice(WORDS[:20])
    return Part(re.escape(word).replace(r"\ ", " "), lambda _: word)


@dataclass(slots=True)
class Expression:
    """A row of parts, and what stands around it."""

    parts: list[Part] = field(default_factory=list)
    start: str = ""
    end: str = ""
    gap: str = " "

    @property
    def regex(self) -> str:
        """What a filter says."""
        return self.start + self.gap.join(part.regex for part in self.parts) + self.end

    def text(self, rng: Random) -> str:
        """Return what it should match; what does match, if that is found soon and not for once unwanted."""
        texts = [" ".join(part.text(rng) for part in self.parts) for _ in range(_TRIES)]
        pattern = _compiled(self.regex)
        if pattern is None or rng.random() < 0.2:
            return texts[0]
        return next((text for text in texts if pattern.search(f"{text}\n")), texts[0])


def expression(rng: Random, *, who: bool = True, session: bool = False) -> Expression:
    """Make an expression; with `who` there is somebody in it, nearly always. Few are no good."""
    made = _expression(rng, who=who, session=session)
    for _ in range(5):
        if _compiled(made.regex) is not None:
            break
        made = _expression(rng, who=who, session=session)
    return made


def _compiled(regex: str) -> re.Pattern[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(expand(regex, UseDns.RAW))
    except (re.error, RuleError):
        return None


def _expression(rng: Random, *, who: bool, session: bool) -> Expression:
    parts = [_literal(rng)]
    parts += [rng.choice(_PLAIN) if rng.random() < 0.5 else _literal(rng) for _ in range(rng.randrange(3))]
    if session:
        parts += [_group(tag) for tag in rng.sample(_CONTROL, rng.choice((0, 0, 1, 1, 2)))]
    wanted = [part for part in (rng.choice(_WHO),) if who and rng.random() < 0.98]
    wanted += rng.sample(_TOLD, rng.choice((0, 0, 1, 1, 2) if who else (0, 1, 1)))
    for part in wanted:
        parts.insert(rng.randint(1, len(parts)), part)
    start = rng.choice(("", "^", r"^\s*", r"^\s*", "^.*", r"(?i)^\s*"))
    return Expression(
        parts,
        start,
        rng.choice(("", "", "$", r"\s*$", r"\s*$", r"\b", ".*$")),
        rng.choice((" ", " ", r"\s+")),
    )


@dataclass(slots=True)
class Filter:
    """A filter as it is being made."""

    fails: list[Expression]
    ignores: list[Expression] = field(default_factory=list)
    prefix: str = ""
    head: Callable[[Random], str] = lambda _: ""
    maxlines: int = 1
    datepattern: str = ""

    def definition(self) -> str:
        """Write it down."""
        said = [("prefregex", [self.prefix]), ("failregex", [rule.regex for rule in self.fails])]
        said += [("ignoreregex", [rule.regex for rule in self.ignores]), ("datepattern", [self.datepattern])]
        lines = ["[Definition]"]
        for name, values in said:
            if any(values):
                lines.append(f"{name} = " + "\n    ".join(value.replace("%", "%%") for value in values))
        lines += [f"maxlines = {self.maxlines}"] if self.maxlines > 1 else []
        return "\n".join(lines) + "\n"


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


def _single(rng: Random) -> Filter:
    made = Filter([expression(rng) for _ in range(rng.choice((1, 2, 3, 5)))])
    if rng.random() < 0.4:
        who, text = rng.choice(_PREFIX_WHO)
        made.prefix = rf"^\s*\w*\[?\d*\]?: {who}{rng.choice(_CONTENT)}"
        heads = (f"srv[12]: {text}", f"srv: {text}", f"srv: {text}", "srv: ", "")
        made.head = lambda rng: rng.choice(heads)
    return made


def _session(rng: Random) -> Filter:
    """Lines of several connections, which tell who it is when they like."""
    made = Filter(
        [expression(rng, who=rng.random() < 0.5, session=True) for _ in range(rng.choice((2, 3, 5)))]
    )
    made.prefix = rng.choice((
        r"^\s*<F-MLFID>srv\[\d+\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$",
        r"^<F-MLFID>\s*srv\[\d+\]:</F-MLFID> (?:<F-NOFAIL>soft</F-NOFAIL> )?<F-CONTENT>.+</F-CONTENT>$",
        r"^\s*<F-MLFID>srv\[\d+\]</F-MLFID>: (?:<ADDR> )?",
    ))  # fmt: skip
    numbers = rng.choice((range(1, 3), range(1, 6), range(1, 150)))
    made.head = lambda rng: f"srv[{rng.choice(numbers)}]: " + rng.choice(("", "", "", "soft ", "192.0.2.3 "))
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
    common = Part(rng.choice((r"\b192\.0\.2\.1\b", r"srv\[?1", "anna|root|bob", r"^\s*\w+ \w+ ")), _user)
    return rng.choice(
        (Expression([common]), Expression([_literal(rng)]), expression(rng, who=rng.random() < 0.3))
    )


def case(seed: int) -> Case:
    """Make a filter, and a log for it."""
    rng = Random(f"grammar {seed}")
    made = rng.choice((_single, _single, _session, _session, _window))(rng)
    made.ignores = [_ignored(rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    layout = rng.choice(tuple(LAYOUTS))
    made.datepattern = rng.choice(LAYOUTS[layout])
    return Case(
        f"grammar {seed}",
        b"".join(line.replace(b"\n", b"") + b"\n" for line in _lines(rng, made, layout)),
        definition=made.definition(),
        usedns=rng.choice(("raw", "raw", "warn", "no")),
    )


def _lines(rng: Random, made: Filter, layout: str) -> Iterator[bytes]:
    """Write a log of at most five minutes, in order."""
    age = rng.choice((100.0, 280.0))
    for _ in range(rng.choice((3, 10, 30, 30) if rng.random() < 0.97 else (300,))):
        age -= rng.random() * age / 10
        stamp = date(layout if rng.random() < 0.95 else rng.choice(tuple(LAYOUTS)), age)
        for text in _texts(rng, made):
            line = f"{stamp}{rng.choice((' ', ' ', ' ', ''))}{made.head(rng)}{text.strip()}".encode()
            yield odd(rng, line) if rng.random() < 0.12 else line


def _texts(rng: Random, made: Filter) -> Iterator[str]:
    """Write what is behind the dates: a line or, of an expression over several, some with others between."""
    text = rng.choice([*made.fails, *made.fails, *made.ignores]).text(rng)
    if rng.random() < 0.1:
        text = rng.choice((f"{text} {_word(rng)}", _word(rng), ""))
    for line in text.split("\n"):
        yield line
        if made.maxlines > 1 and rng.random() < 0.3:
            yield rng.choice(made.fails).text(rng).partition("\n")[0]
