"""A configuration as the commands that would make it: what `fail2ban-client -d` prints.

Durations are told in seconds, however they were written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from banish.compat.actions import actname
from banish.compat.commands.reads import READS, seconds
from banish.compat.frames import Value
from banish.core.config import Config, JailConfig, ServerConfig

Command = list[Value]

_OPTIONS: Final = (
    *("datepattern", "logtimezone", "logencoding", "maxretry", "maxmatches", "findtime"),
    *("bantime.increment", "bantime.rndtime", "bantime.maxtime", "bantime.factor", "bantime.formula"),
    *("bantime.multipliers", "bantime.overalljails", "bantime", "ignorecommand", "ignoreself"),
)
"""Settings of a jail that take one value, in the order in which they are told."""


def stream(config: Config) -> Iterator[Command]:
    """Yield the commands: of the server, of each jail, and those that start the jails."""
    yield from _server(config.server)
    for jail in config.jails:
        yield from _jail(jail)
    for jail in config.jails:
        yield ["start", jail.name]


def _server(server: ServerConfig) -> Iterator[Command]:
    yield ["set", "syslogsocket", server.syslogsocket]
    yield ["set", "loglevel", server.loglevel]
    yield ["set", "logtarget", server.logtarget]
    yield ["set", "allowipv6", server.allowipv6]
    yield ["set", "dbfile", server.dbfile]
    yield ["set", "dbmaxmatches", server.dbmaxmatches]
    yield ["set", "dbpurgeage", seconds(server.dbpurgeage)]


def _jail(jail: JailConfig) -> Iterator[Command]:
    name = jail.name
    yield ["add", name, jail.backend]
    yield ["set", name, "usedns", jail.usedns.value]
    if jail.prefregex is not None:
        yield ["set", name, "prefregex", jail.prefregex.text]
    if jail.maxlines > 1:
        yield ["set", name, "maxlines", jail.maxlines]
    yield from _several(name, "addfailregex", [rule.text for rule in jail.failregex])
    yield from _several(name, "addignoreregex", [rule.text for rule in jail.ignoreregex])
    for option in _OPTIONS:
        yield from _option(jail, option)
    yield from _lists(jail)


def _lists(jail: JailConfig) -> Iterator[Command]:
    name = jail.name
    if jail.ignoreip:
        yield ["set", name, "addignoreip", *jail.ignoreip]
    if jail.journalmatch and jail.reads_journal:
        for match in jail.journalmatch:
            yield ["set", name, "addjournalmatch", *match.split()]
    for log in jail.logpaths:
        yield ["set", name, "addlogpath", log.pattern, "tail" if log.from_end else "head"]
    for action in jail.actions:
        yield ["set", name, "addaction", actname(action, name)]
        arguments: list[Value] = [[key, value] for key, value in action.arguments]
        if arguments:
            yield ["multi-set", name, "action", actname(action, name), arguments]


def _several(name: str, word: str, texts: list[str]) -> Iterator[Command]:
    if len(texts) == 1:
        yield ["set", name, word, texts[0]]
    elif texts:
        yield ["multi-set", name, word, list[Value](texts)]


def _option(jail: JailConfig, option: str) -> Iterator[Command]:
    if option == "datepattern":
        if jail.datepatterns:
            yield ["set", jail.name, option, "\n".join(jail.datepatterns)]
        return
    value = READS[option](jail)
    if (value is not None and value is not False) or option == "ignoreself":
        yield ["set", jail.name, option, value]
