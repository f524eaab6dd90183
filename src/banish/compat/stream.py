"""A configuration as the commands that would make it: what `fail2ban-client -d` prints.

Durations are told in seconds, however they were written.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Final

from banish.compat.actions import actname
from banish.compat.commands.reads import READS, seconds
from banish.compat.frames import Value
from banish.core.config import Config, JailConfig, ServerConfig

Command = list[Value]

_OPTIONS: Final = (
    *("datepattern", "logtimezone", "maxretry", "maxmatches", "findtime", "bantime"),
    *("bantime.increment", "bantime.rndtime", "bantime.maxtime", "bantime.factor", "bantime.formula"),
    *("bantime.multipliers", "bantime.overalljails", "ignorecommand", "ignoreself"),
)
"""Settings of a jail that take one value, in the order in which they are told."""


def stream(config: Config, directory: str) -> Iterator[Command]:
    """Yield the commands: of the server, of each jail, and those that start the jails.

    `directory` is where the configuration was read.
    """
    yield from _server(config.server)
    for jail in config.jails:
        yield from _jail(jail)
        yield from _actions(jail, directory)
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
    yield from _several(name, "addignoreregex", [rule.text for rule in jail.ignoreregex])
    yield from _several(name, "addfailregex", [rule.text for rule in jail.failregex])
    for match in jail.journalmatch:
        yield ["set", name, "addjournalmatch", *match.split()]
    for option in _OPTIONS:
        yield from _option(jail, option)
    yield from _lists(jail)


def _lists(jail: JailConfig) -> Iterator[Command]:
    name = jail.name
    if jail.ignoreip:
        yield ["set", name, "addignoreip", *jail.ignoreip]
    yield ["set", name, "logencoding", jail.logencoding]
    for log in jail.logpaths:
        yield ["set", name, "addlogpath", log.pattern, "tail" if log.from_end else "head"]


def _actions(jail: JailConfig, directory: str) -> Iterator[Command]:
    scripts = {script.name: script for script in jail.scripts}
    for action in jail.actions:
        name = actname(action, jail.name)
        script = scripts.get(name)
        if script is not None and script.module:
            path = posixpath.join(directory, script.module)
            yield ["set", jail.name, "addaction", name, path, json.dumps(dict(script.properties))]
            continue
        yield ["set", jail.name, "addaction", name]
        said: list[Value] = [[*pair] for pair in (script.properties if script else action.arguments)]
        if said:
            yield ["multi-set", jail.name, "action", name, said]


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
