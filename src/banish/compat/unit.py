"""A unit of configuration: what several files say together, and how one option of it is read.

Source of the rules: jail.conf(5), and runs of the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from banish.compat.interpolation import interpolate
from banish.compat.text import Fault, Spot, Text

KNOWN = "KNOWN/"

_ELSEWHERE = re.compile(r"([\w-]+)/(.+)", re.DOTALL)

Options = Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Unit:
    """The merged files of a unit, raw: nothing is interpolated before it is asked for.

    `KNOWN/<section>` holds what each option said in the layer before. `is_readable` is false if there is no
    file at all, or if one of the first rank cannot be read; `faults` says which. `skipped` are included files
    that cannot be read.
    """

    name: str
    is_readable: bool
    defaults: Options
    sections: Mapping[str, Options]
    headers: Mapping[str, Spot]
    faults: tuple[Fault, ...] = ()
    skipped: tuple[Fault, ...] = ()

    def get(self, section: str, key: str, variables: Options | None = None) -> Text | None:
        """Return the value of an option with all its references replaced; `None` if it is nowhere set.

        Variables come before the section, the section before the defaults.
        """
        return self.reader(section, variables)(key)

    def reader(
        self, section: str, variables: Options | None = None, touch: Callable[[str, str], None] | None = None
    ) -> Callable[[str], Text | None]:
        """As `get` for many options of one section; `touch` is told section and name of whatever is read."""
        lower = {name.lower(): value for name, value in (variables or {}).items()}

        def raw(name: str) -> Text | None:
            home, key = self._home(section, name)
            if touch:
                touch(home, key)
            if name in lower:
                return lower[name]
            if name == "__name__":
                return Text.at(section)
            own = self.sections.get(section, {})
            return own.get(name) or self.defaults.get(name) or self._elsewhere(section, name)

        def get(key: str) -> Text | None:
            value = raw(key.lower())
            try:
                return interpolate(value, raw) if value else None
            except Fault as fault:
                raise Fault(fault.text, fault.spot, section, key) from None

        return get

    def _home(self, section: str, name: str) -> tuple[str, str]:
        elsewhere = _ELSEWHERE.fullmatch(name)
        return (elsewhere[1], elsewhere[2]) if elsewhere else (section, name)

    def _elsewhere(self, section: str, name: str) -> Text | None:
        """Return the raw value of `section/option`; it is the caller's context that interpolates it."""
        elsewhere = _ELSEWHERE.fullmatch(name)
        if not elsewhere:
            return None
        home, key = elsewhere.groups()
        if home == "known":
            return self.sections.get(KNOWN + section, {}).get(key) or self.defaults.get(key)
        if home == "default":
            return self.defaults.get(key)
        return (self.sections[home].get(key) or self.defaults.get(key)) if home in self.sections else None
