"""Print how one line is judged by each filter: `banish try --explain`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from banish.compat.tags import expand
from banish.core.config import Rule, UseDns
from banish.core.errors import ConfigError
from banish.core.model import Field, Instant
from banish.core.plain import Json
from banish.core.regex.beginning import Beginning
from banish.core.rules import Program
from banish.core.trial import Fate
from banish.faces.cli.explanation import Explanation, Tried, explain
from banish.faces.cli.logfile import blocks
from banish.faces.cli.page import Page, cut, cut_left
from banish.faces.cli.show import clean, counted, epoch, json_out, moment

NEAR: Final = 3  # expressions that are told in detail, of those that get somewhere
_INDENT: Final = 13
_LABEL: Final = 9
_LONGEST: Final = 110  # characters of a detail, where there is room for all
_TAGS: Final = ("HOST", "SUBNET", "ADDR")

_JUDGEMENTS: Final[Mapping[Fate, str]] = {
    Fate.FAILURE: "a failure of {who}",
    Fate.NOBODY: "no failure: an expression matches, but nobody can be blamed",
    Fate.PENDING: "not yet a failure: it becomes one when a line of the same connection tells an address",
    Fate.FORGIVEN: "no failure by itself: its expression says so; it is evidence if the connection fails",
    Fate.IGNORED: "no failure: ignored by ignoreregex #{ignored}",
    Fate.UNMATCHED: "no failure: no failregex matches",
    Fate.UNPREFIXED: "no failure: prefregex does not match",
}


def explain_line(
    line: str, log: str, program: Program, names: Mapping[str, str], now: Instant, *, is_json: bool
) -> int:
    """Explain a line, or the one of that number in `log`; 0 if it is a failure for one of the filters."""
    text = os.fsencode(line).rstrip(b"\r\n").split(b"\n")
    raw = _lines(log, int(line)) if log else (each.rstrip(b"\r") for each in text)
    explained = explain(program, raw, now)
    page = Page()
    for number, each in enumerate(explained):
        name = names[each.rules.jail.name]
        if is_json:
            json_out(_as_json(each, name, now))
        else:
            print("\n" * (number > 0) + "\n".join(_Telling(each, name, now, page).lines()))
    return 0 if any(each.hit for each in explained) else 1


def _lines(log: str, last: int) -> Iterator[bytes]:
    """Yield the lines of a log up to this one; it is an error if there is no such line."""
    if not last:
        raise ConfigError(f"{log}: there is no line 0; lines are counted from 1")
    number = 0
    for lines in blocks(log):
        for line in lines.block[:-1].split(b"\n"):
            yield line.rstrip(b"\r")
            number += 1
            if number == last:
                return
    raise ConfigError(f"{log}: there is no line {last}; it has {counted(number, 'line')}")


class _Telling:
    """One explanation in words."""

    def __init__(self, explanation: Explanation, name: str, now: Instant, page: Page) -> None:
        self._of = explanation
        self._reading = explanation.reading
        self._name = name
        self._now = now
        self._page = page
        self._ink = page.ink

    def lines(self) -> Iterator[str]:
        """Yield what is printed, in the order in which the matcher goes."""
        yield self._step("filter", self._name)
        yield self._step("line", self._of.text)
        yield from self._date()
        yield from self._prefix()
        yield from self._failures()
        yield from self._ignores()
        yield from self._who()
        yield self._judgement()

    def _step(self, name: str, text: str, colour: Callable[[str], str] = str) -> str:
        return self._ink.head(f"{name:<{_INDENT}}") + colour(self._page.wrap(text, _INDENT))

    def _more(self, name: str, text: str, colour: Callable[[str], str] = str) -> str:
        return f"{'':{_INDENT}}{name:<{_LABEL}}" + colour(self._page.cut(text, _INDENT + _LABEL))

    def _date(self) -> Iterator[str]:
        line, template, ink = self._reading.line, self._of.template, self._ink
        if line.date:
            start = len(line.before)
            place = f"columns {start + 1} to {start + len(line.date)}"
            yield self._step("date", f"{line.date} is {moment(self._reading.at)}, in {place}", ink.good)
        elif template is not None:
            yield self._step("date", "none, or none that exists, where the pattern finds one", ink.odd)
        else:
            yield self._step("date", "none is found", ink.bad)
        if template is not None:
            yield self._more("pattern", template.template.pattern or template.template.name)
        if not line.date:
            is_now = self._reading.at == self._now
            yield self._more("time", "now" if is_now else f"of the line before, {moment(self._reading.at)}")
        yield self._step("remains", line.searched)

    def _prefix(self) -> Iterator[str]:
        prefix = self._of.prefix
        if prefix is None:
            return
        if not prefix.is_asked:
            yield self._step("prefregex", "not asked")
        elif prefix.matches:
            yield self._step("prefregex", "matches", self._ink.good)
            yield from self._groups(self._reading.prefix or {})
        else:
            yield self._step("prefregex", f"does not match, at {_place(prefix.rule)}", self._ink.bad)
            yield from self._nearness(prefix, self._reading.window)

    def _failures(self) -> Iterator[str]:
        tried, number = self._of.failures, self._reading.rule
        if number is not None:
            place = _place(tried[number].rule)
            yield self._step("failregex", f"#{number + 1} matches, at {place}", self._ink.good)
        elif self._reading.searched is not None:
            yield self._step("failregex", f"none of {len(tried)} matches", self._ink.bad)
        else:
            yield self._step("failregex", f"{counted(len(tried), 'expression')}, not asked")
            return
        near = sorted((n for n, each in enumerate(tried) if _end(each)), key=lambda n: -_end(tried[n]))[:NEAR]
        for n, each in enumerate(tried):
            if each.is_asked:
                yield self._verdict(n, each)
            if number is None and n in near:
                yield from self._nearness(each, self._reading.searched or "")
            if n == number:
                yield from self._groups(self._of.fields)
        yield from self._unasked(tried)

    def _unasked(self, tried: Sequence[Tried]) -> Iterator[str]:
        """Yield how many come after the one that matched, and which of them match as well."""
        rest = [(number, each) for number, each in enumerate(tried) if not each.is_asked]
        if rest:
            also = ", ".join(f"#{number + 1}" for number, each in rest if each.matches)
            none = "; none of them would match" if all(each.matches is False for _, each in rest) else ""
            others = f"; {also} would match, too" if also else none
            yield f"{'':{_INDENT}}{len(rest)} more are not asked{others}"

    def _verdict(self, number: int, tried: Tried) -> str:
        text = f"{f'#{number + 1}':>6} {'yes' if tried.matches else 'no':<{_INDENT - 7}}"
        return (self._ink.good if tried.matches else str)(text + self._page.cut(tried.rule.text, _INDENT))

    def _nearness(self, tried: Tried, searched: str) -> Iterator[str]:
        """Yield how far an expression gets, and the place in the text where it stops."""
        if tried.beginning is None:
            return
        fits, rest = _readable(tried.beginning, self._of.rules.jail.usedns)
        room = min(_LONGEST, self._page.room(_INDENT + _LABEL))
        end = tried.beginning.end
        seen = cut_left(clean(searched[:end].rstrip("\n")), room // 2)
        ahead = clean(searched[end:].rstrip("\n")) or "(the end)"
        yield self._more("fits", cut_left(clean(fits), room), self._ink.good)
        yield self._more("stops at", cut(rest, room), self._ink.bad)
        yield self._more("here", f"{seen} >>> {cut(ahead, room // 2 - 5)}")

    def _groups(self, groups: Mapping[str, Field | None]) -> Iterator[str]:
        for name, value in groups.items():
            if value is not None:
                parts = value if isinstance(value, tuple) else (value,)
                yield self._more(name, ", ".join(f'"{part}"' for part in parts if part is not None))

    def _ignores(self) -> Iterator[str]:
        tried, number = self._of.ignores, self._reading.ignored_by
        if not tried:
            yield self._step("ignoreregex", "there is none")
        elif self._reading.judged is None:
            yield self._step("ignoreregex", f"{counted(len(tried), 'expression')}, not asked")
        elif number is None:
            yield self._step("ignoreregex", f"none of {len(tried)} matches")
        else:
            place = _place(tried[number].rule)
            yield self._step("ignoreregex", f"#{number + 1} matches, at {place}", self._ink.odd)
        yield from (self._verdict(n, each) for n, each in enumerate(tried) if each.is_asked)

    def _who(self) -> Iterator[str]:
        first = self._reading.first
        if first is None:
            return
        connection = first.told.fields.get("mlfid")
        if connection is not None:
            lines = f", of {counted(len(first.told.lines), 'line')}" if first.told.lines else ""
            yield self._step("connection", f'"{connection}": {first.told.verdict.value}{lines}')
        if first.who is None:
            yield self._step("who", "nobody: no group tells an address, a name that counts, or an id")
            return
        whence = " and ".join(self._of.whence) or "several groups together"
        name = ", a host name that has to be resolved" if first.who.is_name else ""
        yield self._step("who", f"{first.who.subject}, told by {whence}{name}")

    def _judgement(self) -> str:
        return self._step(
            "judgement", _judgement(self._of), self._ink.good if self._of.hit else self._ink.bad
        )


def _place(rule: Rule) -> str:
    return f"{rule.file}:{rule.line}" if rule.line else rule.file


def _end(tried: Tried) -> int:
    return tried.beginning.end if tried.beginning else 0


def _judgement(explanation: Explanation) -> str:
    reading = explanation.reading
    who = reading.first.who.subject if reading.first and reading.first.who else ""
    return _JUDGEMENTS[reading.fate].format(who=who, ignored=(reading.ignored_by or 0) + 1)


def _readable(beginning: Beginning, usedns: UseDns) -> tuple[str, str]:
    """Return both parts of an expression with tags in place of the long groups that stand for them."""
    fits, rest = beginning.fits, beginning.rest
    for tag in _TAGS:
        block = expand(f"<{tag}>", usedns)
        begun = (fits + rest).find(block, max(0, len(fits) - len(block) + 1), len(fits) + len(block) - 1)
        if 0 <= begun < len(fits) < begun + len(block):
            fits, rest = fits[:begun], (fits + rest)[begun:]
        fits, rest = fits.replace(block, f"<{tag}>"), rest.replace(block, f"<{tag}>")
    return fits, rest


def _as_json(each: Explanation, name: str, now: Instant) -> Json:
    reading, first = each.reading, each.reading.first
    line = reading.line
    return {
        "filter": name,
        "text": each.text,
        "date": {"text": line.date, "from": len(line.before), "to": len(line.before) + len(line.date)}
        if line.date
        else None,
        "time": None if reading.at is None or reading.at == now else epoch(reading.at),
        "pattern": (each.template.template.pattern or each.template.template.name) if each.template else None,
        "left": line.searched,
        "prefregex": _tried_json(0, each.prefix) if each.prefix else None,
        "searched": reading.searched,
        "failregex": [_tried_json(number, tried) for number, tried in enumerate(each.failures)],
        "ignoreregex": [_tried_json(number, tried) for number, tried in enumerate(each.ignores)],
        "fields": {key: _field(value) for key, value in each.fields.items() if value is not None},
        "connection": first.told.verdict.value if first and "mlfid" in first.told.fields else None,
        "id": first.who.subject if first and first.who else None,
        "from": list(each.whence),
        "fate": reading.fate.value,
        "judgement": _judgement(each),
    }


def _field(value: Field | None) -> Json:
    return list(value) if isinstance(value, tuple) else value


def _tried_json(number: int, tried: Tried) -> Json:
    return {
        "number": number + 1,
        "regex": tried.rule.text,
        "file": tried.rule.file,
        "line": tried.rule.line,
        "asked": tried.is_asked,
        "matches": tried.matches,
        "fits": tried.beginning.fits if tried.beginning else None,
        "rest": tried.beginning.rest if tried.beginning else None,
    }
