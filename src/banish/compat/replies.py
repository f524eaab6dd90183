"""What a client prints of the server's replies; other programs read these lines.

Source: runs of the original's client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from banish.compat.commands.faults import DUPLICATE_JAIL, UNKNOWN_JAIL
from banish.compat.frames import RemoteError, Value

Words = Sequence[str]


def printed(words: Words, value: Value, *, is_utf8: bool = True) -> str:
    """Return what is printed of the value that a command had; without the end of the last line."""
    command = words[0] if words else ""
    if command == "status" and isinstance(value, list):
        return _status(words[1:], value, is_utf8=is_utf8)
    if command in {"stats", "statistics", "statistic"} and isinstance(value, dict):
        return _figures(value, is_utf8=is_utf8)
    if command in {"get", "set"}:
        return _setting(words[1:], value)
    plain = _PLAIN.get((command, len(words) > 1)) or _PLAIN.get((command, None))
    return plain(words, value) if plain is not None else str(value)


def complaint(error: RemoteError) -> str:
    """Return what is printed of an error."""
    if error.name == UNKNOWN_JAIL and error.args:
        return f"Sorry but the jail {error.args[0]!r} does not exist"
    if error.name == DUPLICATE_JAIL and error.args:
        return f"The jail {error.args[0]!r} already exists"
    return "Sorry but the command is invalid" if error.name == "IndexError" else str(error)


_PLAIN: Final[Mapping[tuple[str, bool | None], Callable[[Words, Value], str]]] = {
    ("ping", None): lambda _, value: f"Server replied: {value}",
    ("stop", False): lambda _, __: "Shutdown successful",
    ("stop", True): lambda _, __: "Jail stopped",
    ("start", True): lambda _, __: "Jail started",
    ("add", True): lambda _, value: f"Added jail {value}",
    ("flushlogs", None): lambda _, value: f"logs: {value}",
    ("echo", None): lambda _, value: " ".join(map(str, _listed(value))),
}
"""By the command, and whether there is more behind it; either way if that does not matter."""

# ---------------------------------------------------------------------------------------------- status


def _status(words: Words, value: list[Value], *, is_utf8: bool) -> str:
    if words and words[0] != "--all":
        if words[1:2] == ["stats"]:
            return _figures({words[0]: value}, is_utf8=is_utf8)
        return "\n".join([f"Status for the jail: {words[0]}", *_tree(value)])
    *known, last = value
    if not isinstance(last, dict):
        return "\n".join(["Status", *_tree(value)])
    if words[1:2] == ["stats"]:
        return _figures(last, is_utf8=is_utf8)
    jails: list[Value] = [(f"Jail: {name}", state) for name, state in last.items()]
    return "\n".join(["Status", *_tree([*known, ("Status for the jails:", jails)])])


def _tree(items: Sequence[Value], margin: str = "") -> Iterator[str]:
    """Yield the lines of pairs of a name and a value, or of a name and more pairs."""
    for number, item in enumerate(items):
        if not isinstance(item, tuple) or len(item) != len(("name", "value")):
            continue
        name, value = item
        is_last = number == len(items) - 1
        sign, deeper = ("`- ", "   ") if is_last else ("|- ", "|  ")
        if isinstance(value, list) and value and all(isinstance(each, tuple) for each in value):
            yield f"{margin}{sign}{name}"
            yield from _tree(value, margin + deeper)
        else:
            told = " ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"{margin}{sign}{name}:\t{told}"


# --------------------------------------------------------------------------------------------- figures


class _Glyphs(NamedTuple):
    double: str
    line: str
    fork: str
    cross: str
    end: str
    single: str
    dash: str


_FINE: Final = _Glyphs("║", "═", "╟", "╬", "╩", "│", "─")
_ROUGH: Final = _Glyphs("|", "-", "|", "x", "-", "|", "-")
_HEAD: Final = ("Jail", "Backend", "cur", "tot", "cur", "tot")
_LEAST: Final = (8, 8, 3, 3, 3, 3)


def _figures(table: Mapping[Value, Value], *, is_utf8: bool) -> str:
    """Return a table of failures and bans, now and since the start."""
    rows = [_row(name, figures) for name, figures in table.items()]
    if not rows:
        return "No jails found."
    widths = [max(least, *(len(row[at]) for row in rows)) for at, least in enumerate(_LEAST)]
    glyphs = _FINE if is_utf8 else _ROUGH
    found, done = widths[2] + widths[3] + 3, widths[4] + widths[5] + 3

    def line(*cells: str) -> str:
        return " " + f" {glyphs.double} ".join(cells)

    def pair(row: Sequence[str], at: int) -> str:
        return f"{row[at].rjust(widths[at])} {glyphs.single} {row[at + 1].rjust(widths[at + 1])}"

    def rule(knot: str) -> str:
        filled = (glyphs.line * width for width in (widths[0], widths[1], found, done))
        return glyphs.line + f"{glyphs.line}{knot}{glyphs.line}".join(filled) + glyphs.line

    blank = " " * widths[0], " " * widths[1]
    names = f" {'Jail'.ljust(widths[0])} {glyphs.double} {'Backend'.ljust(widths[1])}"
    knot = "╫" if is_utf8 else "x"
    dashes = (
        f"{glyphs.dash}{glyphs.dash * found}{glyphs.dash}{knot}{glyphs.dash}{glyphs.dash * done}{glyphs.dash}"
    )
    return "\n".join(
        [
            line(*blank, "Filter".ljust(found), "Actions".ljust(done)),
            f"{names} {glyphs.fork}{dashes}",
            line(*blank, pair(_HEAD, 2), pair(_HEAD, 4)),
            rule(glyphs.cross),
            *(
                line(row[0].ljust(widths[0]), row[1].ljust(widths[1]), pair(row, 2), pair(row, 4))
                for row in rows
            ),
            rule(glyphs.end),
        ]
    )


def _row(name: Value, figures: Value) -> list[str]:
    backend, found, done = _listed(figures)
    return [str(name), str(backend), *map(str, _listed(found)), *map(str, _listed(done))]


def _listed(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list | tuple) else [value]


# -------------------------------------------------------------------------------------------- settings


def _setting(words: Words, value: Value) -> str:
    """Return what is printed of a setting, of the server or of a jail."""
    if words and words[0] in _SERVER:
        return _SERVER[words[0]](value)
    name = words[1] if len(words) > 1 else ""
    setting = name.removeprefix("add").removeprefix("del")
    if setting in _JAIL:
        return _JAIL[setting](value)
    if name in {"actions", "actionproperties", "actionmethods"}:
        return _actions(words, value)
    if name == "banip" and isinstance(value, list):
        return ("\n" if "--with-time" in words else " ").join(map(str, value))
    return str(value)


def _one(title: str) -> Callable[[Value], str]:
    return lambda value: f"{title}\n`- {value}"


def _many(title: str, nothing: str) -> Callable[[Value], str]:
    def tell(value: Value) -> str:
        items = [str(each) for each in _listed(value)]
        return "\n".join([title, *_items(items)]) if items else nothing

    return tell


def _numbered(value: Value) -> str:
    items = [f"[{number}]: {each}" for number, each in enumerate(_listed(value))]
    title = "The following regular expression are defined:"
    return "\n".join([title, *_items(items)]) if items else "No regular expression is defined"


def _items(items: Sequence[str]) -> Iterator[str]:
    yield from (f"|- {item}" for item in items[:-1])
    yield f"`- {items[-1]}"


def _stored(title: str, unit: str = "") -> Callable[[Value], str]:
    return lambda value: "Database currently disabled" if value is None else f"{title}\n`- {value}{unit}"


def _dates(value: Value) -> str:
    if not isinstance(value, tuple) or len(value) != len(("pattern", "name")):
        return "Current date pattern set to: Not set/required"
    pattern, name = value
    told = name if pattern is None else f"{pattern} ({name})"
    return f"Current date pattern set to: {told}"


def _matches(value: Value) -> str:
    each = [" ".join(map(str, _listed(words))) for words in _listed(value)] if value else []
    return f"Current match filter:\n{' + '.join(each)}" if each else "No journal match filter set"


def _actions(words: Words, value: Value) -> str:
    items = ", ".join(map(str, _listed(value)))
    jail, what = words[0], words[1]
    if what == "actions":
        return (
            f"The jail {jail} has the following actions:\n{items}" if items else f"No actions for jail {jail}"
        )
    action = words[2] if len(words) > len(("jail", "what")) else ""
    kind = "properties" if what == "actionproperties" else "methods"
    return f"The jail {jail} action {action} has the following {kind}:\n{items}"


_SERVER: Final[Mapping[str, Callable[[Value], str]]] = {
    "loglevel": lambda value: f"Current logging level is {value!r}",
    "logtarget": _one("Current logging target is:"),
    "syslogsocket": _one("Current syslog socket is:"),
    "dbfile": _stored("Current database file is:"),
    "dbpurgeage": _stored("Current database purge age is:", "seconds"),
}
_JAIL: Final[Mapping[str, Callable[[Value], str]]] = {
    "logpath": _many("Current monitored log file(s):", "No file is currently monitored"),
    "logencoding": lambda value: f"Current log encoding is set to:\n{value}",
    "journalmatch": _matches,
    "ignoreip": _many("These IP addresses/networks are ignored:", "No IP address/network is ignored"),
    "failregex": _numbered,
    "ignoreregex": _numbered,
    "datepattern": _dates,
}
