"""What is printed before the results: everything that is used, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from banish.core.rules import JailRules
from banish.faces.fail2ban.naming import Expression, Named, NamedFilter, NamedJail
from banish.faces.fail2ban.options import Options
from banish.faces.fail2ban.source import Journal, Log, LogFile, LogText

_LONG: Final = 53  # characters of a value; what is longer is cut to leave room for dots


_NAMED: Final = 2  # date templates; more of them go by the name of the whole set, as in the original


def title() -> Iterator[str]:
    """Yield the first lines of all."""
    yield from ("", "Running tests", "=============", "")


def named_lines(named: Named) -> Iterator[str]:
    """Yield what is tried."""
    match named:
        case NamedJail():
            yield _use("jail", named.name)
            yield from _given("jail/flt options", named.options)
        case NamedFilter(base=""):
            yield _use("filter file", named.path)
            yield from _given("filter options", named.options)
        case NamedFilter():
            yield _use("filter file", f"{named.name}, basedir: {named.base}")
            yield from _given("filter options", named.options)
        case Expression():
            yield _use("failregex line", _short(named.text))
        case _:
            assert_never(named)


def real_line(named: Named, backend: str) -> Iterator[str]:
    """Yield the options that a filter gets, those that nobody gave it included."""
    if not isinstance(named, Expression):
        logtype = "journal" if backend == "systemd" else "file"
        yield f"Real  filter options : { {'logtype': logtype, **named.options, 'backend': backend} }"


def rule_lines(options: Options, rules: JailRules, *, maxlines: bool) -> tuple[list[str], list[str]]:
    """Return how many lines and which dates are looked at: what the options say, and what the rules do.

    `maxlines` says that the rules tell a number of lines.
    """
    told: list[str] = []
    read: list[str] = []
    jail = rules.jail
    if options.maxlines or maxlines:
        (told if options.maxlines else read).append(_use("maxlines", str(jail.maxlines)))
    if jail.datepatterns:
        patterns = "\n".join(jail.datepatterns)
        standings = rules.dates().standings()
        name = standings[0].template.name if len(standings) <= _NAMED else "Default Detectors"
        (told if options.datepattern else read).append(_use("datepattern", f"{patterns} : {name}"))
    return told, read


def ignore_line(options: Options) -> Iterator[str]:
    """Yield the expression by which lines are ignored, if one was given."""
    if options.ignoreregex is not None:
        yield _use("ignoreregex line", _short(options.ignoreregex))


def log_lines(log: Log, encoding: str, matches: tuple[str, ...]) -> Iterator[str]:
    """Yield where the lines come from."""
    match log:
        case LogFile():
            yield _use("log file", log.path)
            yield _use("encoding", encoding)
        case LogText():
            yield from _text_lines(log.text)
        case Journal():
            yield "Use         systemd journal"
            yield _use("encoding", encoding)
            if matches:
                yield _use("journal match", " + ".join(matches))
        case _:
            assert_never(log)
    yield ""


def _text_lines(text: str) -> Iterator[str]:
    lines = text.split("\n")
    if len(lines) == 1:
        yield _use("single line", _short(text))
        return
    yield f"Use      multi line : {len(lines)} line(s)"
    yield from (f"|  {number}: {_short(line)}" for number, line in enumerate(lines, 1))
    yield "`-"


def _given(label: str, options: Mapping[str, str]) -> Iterator[str]:
    if options:
        yield _use(label, repr(dict(options)))


def _use(label: str, value: str) -> str:
    return f"Use {label:>16} : {value}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:50]}..."
