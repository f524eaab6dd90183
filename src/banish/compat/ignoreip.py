"""The lists of exempt addresses, seen together: what a jail's own list hides, and what is odd in one.

A jail that sets `ignoreip` replaces the list of `[DEFAULT]`; operators who meant to add to it lock themselves
out by the next typing error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from banish.compat import values
from banish.compat.text import Fault, Spot, Text
from banish.compat.unit import Unit
from banish.core.config import Problem, Severity
from banish.core.lint.exempt import doubts, lost

_KEY = "ignoreip"


def problems(unit: Unit, jails: Iterable[str]) -> Iterator[Problem]:
    """Yield what is odd about the lists of these jails, as warnings."""
    default = _list(unit, "")
    is_inherited = False
    for jail in jails:
        if _KEY in unit.sections[jail]:
            own = _list(unit, jail)
            yield from _hidden(default, own, jail)
            yield from _odd(own, jail)
        else:
            is_inherited = True
    if is_inherited:
        yield from _odd(default, "DEFAULT")


def _list(unit: Unit, section: str) -> Text:
    try:
        return unit.get(section, _KEY) or Text.at("")
    except Fault:  # told where the jail itself is read
        return Text.at("")


def _words(text: Text) -> list[tuple[str, Spot]]:
    return [(word, spot) for line, spot in text.lines() for word in values.words(line)]


def _hidden(default: Text, own: Text, jail: str) -> Iterator[Problem]:
    """Say whom the jail's own list forgets."""
    missing = lost(values.words(default.text), values.words(own.text))
    if missing:
        file, line = default.spot
        yield _warning(
            f"replaces the list of [DEFAULT] at {file}:{line}, so that {', '.join(missing[:5])}"
            f"{' and others' if missing[5:] else ''} can be banned here; begin with %(default/ignoreip)s",
            own.spot,
            jail,
            own.text,
        )


def _odd(text: Text, section: str) -> Iterator[Problem]:
    words = _words(text)
    for index, doubt in doubts([word for word, _ in words]):
        word, spot = words[index]
        yield _warning(doubt, spot, section, word)


def _warning(text: str, spot: Spot, section: str, value: str) -> Problem:
    return Fault(text, spot, section, _KEY, value).problem(severity=Severity.WARNING)
