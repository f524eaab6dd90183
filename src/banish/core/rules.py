"""The configuration becomes something that runs: compiled expressions, checked date patterns, one program.

`compile_config` keeps what is good and reports all that is not: a jail with a broken expression is left out,
the others run.
"""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final

from banish.core.config import Config, JailConfig, Problem, Rule, Severity
from banish.core.dates import DateReader
from banish.core.errors import RuleError
from banish.core.model import Seconds

ID_GROUPS: Final = frozenset({"fid", "ip4", "ip6", "dns", "mlfid"})
"""Groups that tell who it was; an expression, or the prefix in front of it, must have at least one."""


STAMP: Final = r"^%Y-%m-%dT%H:%M:%S\.%f%z[ ]"
"""How a line begins that has its date from the source, as those of the journal have."""

_ASCII: Final = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Calendar:
    """What reading a date takes besides the text: the machine's zone, and the year it is."""

    zone: tzinfo
    year: int


@dataclass(frozen=True, slots=True)
class JailRules:
    """The rules of one jail, ready to run.

    `encoding` is the codec of its log lines. With `has_stamps` they begin with a `STAMP`, whatever the jail
    says of dates.
    """

    jail: JailConfig
    prefix: re.Pattern[str] | None
    failures: tuple[re.Pattern[str], ...]
    ignores: tuple[re.Pattern[str], ...]
    encoding: str
    calendar: Calendar
    has_stamps: bool = False

    @property
    def is_linewise(self) -> bool:
        """Whether lines are judged one by one, and ASCII is written as everywhere."""
        return self.jail.maxlines <= 1 and (_ASCII.decode(self.encoding, "replace") == _ASCII.decode("ascii"))

    def dates(self) -> DateReader:
        """Return a new reader of this jail's dates; it learns from the lines, so each scanner has its own."""
        jail, calendar = self.jail, self.calendar
        if self.has_stamps:
            return DateReader((STAMP,), calendar.zone, calendar.year)
        return DateReader(jail.datepatterns, calendar.zone, calendar.year, jail.logtimezone)


@dataclass(frozen=True, slots=True)
class Program:
    """All jails that run, in the order of the configuration."""

    config: Config
    jails: tuple[JailRules, ...]

    def __iter__(self) -> Iterator[JailRules]:
        return iter(self.jails)


def stamped(program: Program) -> Program:
    """Return the program for lines as sources tell them: those of the journal have stamps, and are UTF-8."""
    jails = (
        replace(rules, has_stamps=True, encoding="utf-8") if rules.jail.reads_journal else rules
        for rules in program
    )
    return replace(program, jails=tuple(jails))


_OF_COUNTING: Final = {
    "maxretry": 1,
    "maxmatches": 1,
    "bantime": Seconds(0),
    "growth": None,
    "ignoreself": False,
    "ignoreip": (),
    "ignorecache": None,
    "guard": False,
    "actions": (),
    "scopes": (),
}
"""What of a jail has nothing to do with which lines are failures."""


def reads_alike(one: Program, other: Program) -> bool:
    """Whether two programs find the same failures in the same logs."""

    def reading(program: Program) -> list[JailConfig]:
        change: Callable[..., JailConfig] = replace
        return [change(rules.jail, **_OF_COUNTING) for rules in program]

    return reading(one) == reading(other)


def compile_config(
    config: Config, calendar: Calendar, encoding: str = "utf-8"
) -> tuple[Program, tuple[Problem, ...]]:
    """Compile every jail; `encoding` is what `logencoding = auto` means on this machine."""
    good: list[JailRules] = []
    problems: list[Problem] = []
    for jail in config.jails:
        compiling = _Compiling(jail)
        rules = compiling.rules(calendar, encoding)
        problems += compiling.problems
        if rules is not None:
            good.append(rules)
    return Program(config, tuple(good)), tuple(problems)


class _Compiling:
    """The compilation of one jail; it collects every problem instead of stopping at the first."""

    def __init__(self, jail: JailConfig) -> None:
        self._jail = jail
        self.problems: list[Problem] = []

    def rules(self, calendar: Calendar, encoding: str) -> JailRules | None:
        jail = self._jail
        prefix = self._pattern("prefregex", jail.prefregex) if jail.prefregex else None
        failures = self._patterns("failregex", jail.failregex, re.MULTILINE if jail.maxlines > 1 else 0)
        ignores = self._patterns("ignoreregex", jail.ignoreregex)
        self._check_ids(prefix, failures)
        rules = JailRules(jail, prefix, failures, ignores, self._encoding(encoding), calendar)
        try:
            rules.dates()
        except RuleError as error:
            self._report(str(error), "datepattern", "\n".join(jail.datepatterns))
        return None if self.problems else rules

    def _patterns(self, key: str, rules: Sequence[Rule], flags: int = 0) -> tuple[re.Pattern[str], ...]:
        compiled = (self._pattern(key, rule, flags) for rule in rules)
        return tuple(pattern for pattern in compiled if pattern is not None)

    def _pattern(self, key: str, rule: Rule, flags: int = 0) -> re.Pattern[str] | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python may mean in some future version is not news
                return re.compile(rule.regex, flags)
        except (re.error, RecursionError, OverflowError, ValueError) as error:
            self._report(f"not a regular expression: {error}", key, rule.text, rule)
            return None

    def _check_ids(self, prefix: re.Pattern[str] | None, failures: Sequence[re.Pattern[str]]) -> None:
        if prefix is not None and ID_GROUPS & prefix.groupindex.keys():
            return
        if len(failures) != len(self._jail.failregex):
            return  # some did not compile; that has been said
        for rule, pattern in zip(self._jail.failregex, failures, strict=True):
            if not ID_GROUPS & pattern.groupindex.keys():
                cure = "nobody is named by it; put <HOST>, <ADDR> or <F-ID>…</F-ID> where the culprit stands"
                self._report(cure, "failregex", rule.text, rule)

    def _encoding(self, automatic: str) -> str:
        name = self._jail.logencoding
        codec = automatic if name == "auto" else name
        try:
            bytes(range(256)).decode(codec, "replace")  # a line of any bytes must be readable
            if "\n".encode(codec) != b"\n":
                cure = "its lines do not end with the byte of a line feed; have the log written in utf-8"
                self._report(cure, "logencoding", name)
            return codecs.lookup(codec).name
        except (LookupError, ValueError):
            self._report("no such encoding; write auto, utf-8, latin-1 or another codec", "logencoding", name)
            return automatic

    def _report(self, text: str, key: str, value: str, rule: Rule | None = None) -> None:
        name = self._jail.name
        file, line = (rule.file, rule.line) if rule else ("", 0)
        self.problems.append(Problem(Severity.ERROR, text, file, line, name, key, value, jail=name))
