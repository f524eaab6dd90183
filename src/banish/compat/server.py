"""The settings of the whole: `[Definition]` of `fail2ban.conf`, and of `banish.conf` on top of it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping

from banish.compat import values
from banish.compat.filters import DEFINITION
from banish.compat.text import Fault, Spot, Text
from banish.compat.unit import Unit
from banish.core.config import Problem, ServerConfig, Severity
from banish.core.errors import ConfigError
from banish.core.settings import SERVER, Setting

# The original's own paths. Its database is in its own format and its socket may be in use while somebody
# moves over, so that a tree that only repeats them leaves us ours.
_NOT_OURS: Mapping[str, Collection[str]] = {
    "socket": ("/var/run/fail2ban/fail2ban.sock", "/run/fail2ban/fail2ban.sock"),
    "pidfile": ("/var/run/fail2ban/fail2ban.pid", "/run/fail2ban/fail2ban.pid"),
    "dbfile": ("/var/lib/fail2ban/fail2ban.sqlite3",),
}


def server(unit: Unit, report: Callable[[Problem], None]) -> ServerConfig:
    """Read what can be read; where something is wrong the default holds."""
    for fault in unit.faults:
        report(fault.problem())
    if unit.is_readable and DEFINITION not in unit.sections:
        report(
            Fault(f"no section [{DEFINITION}]; the defaults hold", Spot(unit.name)).problem(
                severity=Severity.WARNING
            )
        )
        return ServerConfig()
    read: set[str] = set()
    get = unit.reader(DEFINITION, touch=lambda _, key: read.add(key))
    found: dict[str, object] = {}
    for setting in SERVER.values():
        try:
            text = get(setting.name)
            if text is not None and text.text not in _NOT_OURS.get(setting.name, ()):
                found[setting.field] = _value(setting, text)
        except Fault as fault:
            report(fault.problem())
    for key, value in unit.sections.get(DEFINITION, {}).items():
        if key not in read:
            report(_unknown(key, value))
    make: Callable[..., ServerConfig] = ServerConfig
    return make(**found)


def _value(setting: Setting, text: Text) -> object:
    if setting.name == "dbfile" and text.text.lower() == "none":
        return None
    if setting.name == "loglevel" and text.text.isdecimal():
        return text.text
    try:
        return values.read(setting, text.text)
    except ConfigError as error:
        raise Fault(str(error), text.spot, DEFINITION, setting.name, text.text) from error


def _unknown(key: str, value: Text) -> Problem:
    near = difflib.get_close_matches(key, SERVER, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    text = f"no setting of the server, and nothing refers to it{hint}"
    return Fault(text, value.spot, DEFINITION, key, value.text).problem(severity=Severity.WARNING)
