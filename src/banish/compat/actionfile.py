"""An action as fail2ban's files describe it: commands, and the values that are put into them.

Source: jail.conf(5), and what `fail2ban-client -d` says of the stock actions.
"""

from __future__ import annotations

from typing import Final

from banish.compat.filters import DEFINITION, INIT
from banish.compat.optionlist import Item
from banish.compat.substitution import substitute
from banish.compat.text import Text
from banish.compat.unit import Options, Unit
from banish.core.config import Script

COMMANDS: Final = (
    *("actionstart", "actionstop", "actionreload", "actionflush", "actioncheck", "actionrepair"),
    *("actionban", "actionunban", "actionreban", "actionprolong"),
)
OPTIONS: Final = ("actionstart_on_demand", "actionrepair_on_unban", "norestored")
LINES: Final = frozenset({"matches", "ipmatches", "ipjailmatches"})
AT_BAN: Final = LINES | {"timeout", "bantime"}
"""What is known only when somebody is banned, and not looked into before."""


def script_of(item: Item, unit: Unit, name: str, jail: str, options: Options) -> Script:
    """Return the action `item` of a jail, whose file is `unit`; `options` are those of the jail.

    `Fault` for a value that cannot be worked out.
    """
    given = {key: Text.at(value) for key, value in item.options.items() if key != "actname"}
    given.setdefault("name", Text.at(jail))
    variables = {**options, **given}
    read = unit.reader(DEFINITION, variables)
    written = unit.sections.get(DEFINITION, {})
    known = {key: value for key in (*COMMANDS, *OPTIONS) if key in written and (value := read(key))}
    initial = _initial(unit, options)
    overruled = {f"known/{key}": value for key, value in initial.items()}
    given = {**initial, **given, "actname": Text.at(name)}
    conditional = {key.partition("?")[0] for key in given if "?" in key}
    texts = substitute(
        {**overruled, **known, **given},
        ignore=conditional | AT_BAN,
        fallback=lambda tag: read(tag) if tag in written or "/" in tag else None,
    )
    properties = {key: texts[key] for key in known} | {
        key: value for key, value in given.items() if not key.startswith("known/")
    }
    return Script(name, tuple((key, value.text) for key, value in properties.items()))


def _initial(unit: Unit, variables: Options) -> dict[str, Text]:
    """Return what `[Init]` says; its conditional sections are options `tag?family=inet6`.

    An argument does not hold for such an option, unless it names it.
    """
    read = unit.reader(INIT, variables)
    return {name: value for name in unit.sections.get(INIT, {}) if (value := read(name)) is not None}
