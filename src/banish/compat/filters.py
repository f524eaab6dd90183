"""What a jail's filter says, given the arguments of the call and the jail's own options.

A filter is read twice. The first reading gives the jail what it can refer to as `%(known/...)s`; the second,
when the jail is known, gives what is sent to it. Source of every oddity here: runs of the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from banish.compat.substitution import substitute
from banish.compat.text import Text
from banish.compat.unit import KNOWN, Options, Unit

DEFINITION = "Definition"
INIT = "Init"

OPTIONS = ("usedns", "prefregex", "ignoreregex", "failregex", "maxlines", "datepattern", "journalmatch")
"""What a filter can tell its jail, in the order in which it is told."""

_ELSEWHERE = re.compile(r"([\w-]+)/(.+)", re.DOTALL)


class Filter:
    """A filter called with arguments; `known` must be asked for before `options`."""

    def __init__(self, unit: Unit, arguments: Options, backend: str) -> None:
        self._unit = unit
        self._arguments = dict(arguments)
        self._cache: dict[str, Text | None] = {}
        logtype = self._arguments.get("logtype")
        if not (logtype and logtype.text) and "logtype" not in self._own(DEFINITION):
            self._arguments["logtype"] = Text.at("journal" if backend.startswith("systemd") else "file")

    @property
    def names(self) -> frozenset[str]:
        """The names of all options that the filter's own files set."""
        return frozenset({*self._own(DEFINITION), *self._own(INIT), *self._unit.defaults})

    def known(self, jail: Options) -> dict[str, Text]:
        """First reading; of the jail only `enabled`, `backend` and `filter` are known.

        Helper options see no arguments through `%`; what `[Init]` sets is seen through tags only.
        """
        variables = {**jail, **self._arguments}
        told = self._told(variables)
        self._add_init(variables)
        plain = self._reader()
        helpers = _present({name: plain(name) for name in self._own(DEFINITION) if name not in OPTIONS})
        return self._substituted({**told, **helpers, **self._arguments}, variables)

    def options(self, jail: Options) -> dict[str, Text]:
        """Second reading; what the jail says itself is left out, unless it is an argument, too."""
        variables = {**jail, **self._arguments}
        told = self._told(variables)
        self._add_init(variables)
        return self._substituted({**told, **self._arguments}, variables)

    def _own(self, section: str) -> Options:
        return self._unit.sections.get(section, {})

    def _reader(self, variables: Options | None = None) -> Callable[[str], Text | None]:
        """Read `[Definition]`, in which even defaults are nothing if it is not there."""
        return self._unit.reader(DEFINITION, variables) if DEFINITION in self._unit.sections else _nothing

    def _told(self, variables: Options) -> dict[str, Text]:
        read = self._reader(variables)
        return _present({name: read(name) for name in OPTIONS if name not in variables})

    def _add_init(self, variables: Options) -> None:
        """Take what `[Init]` says for arguments that were not given."""
        read = self._unit.reader(INIT)
        for name, value in _present({name: read(name) for name in self._own(INIT)}).items():
            self._arguments[f"known/{name}"] = value
            if name not in self._arguments:
                plain, condition, _ = name.partition("?")
                self._arguments[name] = variables.get(plain, value) if condition else value

    def _substituted(self, options: Options, variables: Options) -> dict[str, Text]:
        ignore = {name.partition("?")[0] for name in options if "?" in name and not name.startswith("known/")}
        read = self._reader(variables)

        def fallback(tag: str) -> Text | None:
            # The original remembers what it found, and what it did not find, from one reading to the next.
            if tag not in self._cache:
                self._cache[tag] = self._elsewhere(tag) or read(tag)
            return self._cache[tag]

        return substitute(options, ignore=ignore, fallback=fallback)

    def _elsewhere(self, tag: str) -> Text | None:
        """Return the value of `<section/option>`, which sees that section only."""
        elsewhere = _ELSEWHERE.fullmatch(tag)
        if not elsewhere:
            return None
        section, name = elsewhere.groups()
        homes = {"known": (KNOWN + DEFINITION, DEFINITION), "default": ("DEFAULT",)}.get(section, (section,))
        readers = (
            self._unit.reader(home) for home in homes if home in self._unit.sections or home == "DEFAULT"
        )
        return next((value for read in readers if (value := read(name))), None)


def _nothing(_: str) -> None:
    return None


def _present(values: Mapping[str, Text | None]) -> dict[str, Text]:
    return {name: value for name, value in values.items() if value is not None}
