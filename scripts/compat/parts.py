"""Parts of expressions, and expressions made of them; each part knows how to write a text that it matches."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from banish.compat.tags import expand
from banish.core.config import UseDns
from banish.core.errors import RuleError
from compat.words import HOSTS, USERS, WORDS


class Part(NamedTuple):
    """A piece of an expression, and how a text for it is written."""

    regex: str
    text: Callable[[Random], str]


def word(rng: Random) -> str:
    """Return a word, not always of letters."""
    return rng.choice(WORDS)


def _host(rng: Random) -> str:
    return rng.choice(HOSTS)


def user(rng: Random) -> str:
    """Return a name, or what may stand for one."""
    return rng.choice(USERS)


def _number(rng: Random) -> str:
    return str(rng.choice((22, 80, 65535, 4711)))


def _short(rng: Random) -> str:
    return rng.choice(("", "a", "x1", "- ", "٣"))


_PLAIN: Final = (
    Part(r"\S+", user), Part(r"\d+", _number), Part(".*", word), Part(".*?", word),
    Part(r"\s*", lambda _: " "), Part(r"[^\]]*", user), Part(r'"[^"]*"', lambda rng: f'"{user(rng)}"'),
    Part("(?:fail|login) ?", word), Part(r"(?:\[\d+\])?", lambda rng: rng.choice(("", "[12]"))),
    Part(r"(?i:FAIL)", word), Part(r"\bfail\b", word), Part(r"(?!ok)\w*", word),
    Part(r"(?<=\s)?", _short), Part(r"(?P<q>['\"]?)\w*(?P=q)", _short), Part(r"(?:(?i)ERROR|x)", word),
    Part(r"(?P<c>\()?x(?(c)\)|y)", lambda rng: rng.choice(("(x)", "xy", "x"))),
    Part(r"<unknown>", lambda _: "<unknown>"), Part(r"\w{1,3}", _short), Part(r"[\s\S]", _short),
    Part(".+", word),
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
    Part("<F-ID/>", _host), Part(r"<F-ID>\S*</F-ID>", _host), Part("<F-ID>.+?</F-ID>", user),
    Part(r"<F-ID>\w*</F-ID>", user), Part("<F-TUPLE_ID>\\S+</F-TUPLE_ID>", user),
    Part("<F-TUPLE_ID_1>\\d*</F-TUPLE_ID_1>", _number), Part("<F-ALT_ID>\\S+</F-ALT_ID>", _host),
    Part(r"<F-USER>\S*</F-USER>", user), Part("<F-USER>.*?</F-USER>", user),
    Part("(?:<F-USER>\\S+</F-USER>)?", user), Part(r"<F-ALT_USER>\w*</F-ALT_USER>", user),
    Part("<F-ALT_USER_1>.*</F-ALT_USER_1>", user), Part(r"<F-ALT_USER1>\w*</F-ALT_USER1>", user),
    Part("<F-TUPLE_USER>\\w*</F-TUPLE_USER>", user), Part("<F-PORT/>", _number),
    Part(r"<F-PORT>\d*</F-PORT>", _number), Part("<F-ALT_PORT>\\d+</F-ALT_PORT>", _number),
    Part(r"<F-RHOST>\S+</F-RHOST>", _host), Part("<F-X1>.</F-X1>", _short),
    Part("</F-NEVER>", lambda _: "</F-NEVER>"),
)  # fmt: skip
_TRIES: Final = 12  # texts drawn for one line
CONTROL: Final = ("NOFAIL", "MLFGAINED", "MLFFORGET", "NOFAIL", "MLFFORGET")


def control(tag: str) -> Part:
    """Return a part that is a control of connections."""
    word = tag.lower()
    return Part(f"<F-{tag}>{word}</F-{tag}>", lambda _: word)


def literal(rng: Random) -> Part:
    """Return a word."""
    word = rng.choice(WORDS[:20])
    return Part(re.escape(word).replace(r"\ ", " "), lambda _: word)


def escaped(value: str) -> str:
    """Return a value as it stands in a file."""
    return value.replace("%", "%%")


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

    def written(self, options: Mapping[str, str]) -> str:
        """Return what a filter says that has options in the places of some parts."""
        parts = [options.get(part.regex) or escaped(part.regex) for part in self.parts]
        return escaped(self.start) + escaped(self.gap).join(parts) + escaped(self.end)

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
    parts = [literal(rng)] if rng.random() < 0.93 else []
    parts += [rng.choice(_PLAIN) if rng.random() < 0.5 else literal(rng) for _ in range(rng.randrange(3))]
    if session:
        parts += [control(tag) for tag in rng.sample(CONTROL, rng.choice((0, 0, 1, 1, 2)))]
    wanted = [part for part in (rng.choice(_WHO),) if who and rng.random() < 0.98]
    wanted += rng.sample(_TOLD, rng.choice((0, 0, 1, 1, 2) if who else (0, 1, 1)))
    for part in wanted:
        parts.insert(rng.randint(min(1, len(parts)), len(parts)), part)
    start = rng.choice(("", "^", r"^\s*", r"^\s*", "^.*", r"(?i)^\s*"))
    return Expression(
        parts,
        start,
        rng.choice(("", "", "$", r"\s*$", r"\s*$", r"\b", ".*$")),
        rng.choice((" ", " ", r"\s+")),
    )
