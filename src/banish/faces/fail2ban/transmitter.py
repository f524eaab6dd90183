"""What fail2ban's commands do here: words in, `(0, value)` or `(1, error)` out.

Source of words, values and errors: runs of the original's client and server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeAlias

from banish.compat import FAIL2BAN_VERSION
from banish.compat.commands.faults import CommandError, refused, too_few, unknown_jail, wrong
from banish.compat.frames import RemoteError, Value
from banish.core.config import Config, JailConfig
from banish.core.errors import BanishError
from banish.core.subject import parse
from banish.daemon.jailer import Jailer
from banish.daemon.steering import Steering
from banish.faces.fail2ban.jailcommands import JailCommands
from banish.faces.fail2ban.states import States

ASKING: Final = frozenset(
    {
        "ping",
        "version",
        "echo",
        "status",
        "stats",
        "statistic",
        "statistics",
        "banned",
        "get",
        "server-status",
    }
)
"""The words that change nothing."""

LONGEST_SLEEP: Final = 3600.0
Words: TypeAlias = "Sequence[Value]"


class House(Protocol):
    """What the commands need of the daemon besides its jails."""

    def get(self, name: str) -> Value:
        """Return a setting of the server."""
        ...

    def set(self, name: str, value: str) -> None:
        """Change a setting of the server; `ConfigError` if it cannot be changed so."""
        ...

    def flush(self) -> str:
        """Open the log anew; return in a word what was done."""
        ...

    def stop(self) -> None:
        """Begin to stop."""
        ...

    def files(self, jail: str) -> list[str]:
        """Return the log files that a jail reads."""
        ...


class Transmitter:
    """The table of commands, and who carries them out."""

    def __init__(self, jailer: Jailer, steering: Steering, house: House) -> None:
        self._jailer = jailer
        self._steering = steering
        self._house = house
        self._jails = JailCommands(jailer, steering, house.files)
        self._states = States(jailer, steering, house.files, self._jails.waiting)
        self._commands: Mapping[str, Callable[[list[str]], Awaitable[Value]]] = {
            "ping": _saying("pong"),
            "version": _saying(FAIL2BAN_VERSION),
            "server-status": _saying("Server ready"),
            "echo": self._echo,
            "sleep": self._sleep,
            "status": self._status,
            "stats": self._stats,
            "statistics": self._stats,
            "statistic": self._stats,
            "banned": self._banned,
            "unban": self._unban,
            "flushlogs": self._flush,
            "stop": self._stop,
            "add": self._jails.add,
            "start": self._jails.start,
            "get": self._get,
            "set": self._set,
            "reload": self._reload,
            "config-error": self._saying_nothing,
        }

    async def answer(self, request: Value) -> Value:
        """Carry out a request; never raises because of what is in it."""
        if not isinstance(request, list | tuple) or not request or not isinstance(request[0], str):
            return (1, RemoteError("Exception", ("Invalid command",)))
        command, *words = request
        carry_out = self._commands.get(str(command))
        if carry_out is None:
            return (1, RemoteError("Exception", ("Invalid command",)))
        try:
            if command == "reload":  # a target, a list of options, and the stream, which nobody needs
                options = words[1] if len(words) > 1 and isinstance(words[1], list) else []
                words = [*words[:1], *options]
            return (0, await carry_out([str(word) for word in words]))
        except CommandError as error:
            return (1, error.error)
        except BanishError as error:
            return (1, RemoteError("Exception", (str(error),)))

    # ---------------------------------------------------------------------------------------- asking

    async def _echo(self, words: list[str]) -> Value:
        return list(words)

    async def _sleep(self, words: list[str]) -> Value:
        if not words:
            raise too_few()
        try:
            seconds = float(words[0])
        except ValueError as error:
            raise wrong(str(error)) from error
        await asyncio.sleep(min(max(0.0, seconds), LONGEST_SLEEP))
        return None

    async def _saying_nothing(self, _: list[str]) -> Value:
        return None

    async def _status(self, words: list[str]) -> Value:
        if len(words) > 2:
            raise refused("Invalid command (no status)")
        flavour = words[1] if len(words) == 2 else "basic"
        if not words:
            return self._states.all()
        if words[0] == "--all":
            return self._states.all_in_detail(flavour)
        return self._state(words[0], flavour)

    def _state(self, jail: str, flavour: str) -> Value:
        if not self._jails.is_known(jail):
            raise unknown_jail(jail)
        return self._states.of(jail, flavour)

    async def _stats(self, _: list[str]) -> Value:
        return self._states.figures()

    async def _banned(self, words: list[str]) -> Value:
        names = self._jails.names()
        if not words:
            return [{name: list[Value](self._jailer.banned(name))} for name in names]
        banned = {name: set(self._jailer.banned(name)) for name in names}
        return [[name for name in names if parse(word) in banned[name]] for word in words]

    async def _get(self, words: list[str]) -> Value:
        if not words:
            raise too_few()
        if self._jails.is_known(words[0]):
            return self._jails.get(words[0], words[1:])
        if words[0] in SERVER_SETTINGS:
            return self._house.get(words[0])
        raise unknown_jail(words[0]) if len(words) > 1 else too_few()

    # -------------------------------------------------------------------------------------- changing

    async def _set(self, words: list[str]) -> Value:
        if not words:
            raise too_few()
        if self._jails.is_known(words[0]):
            return await self._jails.set(words[0], words[1:])
        if words[0] not in SETTABLE:
            raise unknown_jail(words[0]) if len(words) > 1 else too_few()
        if len(words) < 2:
            raise too_few()
        self._house.set(words[0], words[1])
        return words[1] if words[0] == "allowipv6" else self._house.get(words[0])

    async def _unban(self, words: list[str]) -> Value:
        if not words:
            raise refused("Invalid command")
        if words == ["--all"]:
            return self._jailer.release_all()
        return len(self._jailer.release([parse(word) for word in words]))

    async def _flush(self, _: list[str]) -> Value:
        return self._house.flush()

    async def _stop(self, words: list[str]) -> Value:
        if not words:
            self._house.stop()
            return None
        if words[0] == "--all":
            await self._steering.change(lambda config: replace(config, jails=()))
            return None
        if self._jails.drop(words[0]):
            return None
        self._jails.known(words[0])
        await self._steering.change(lambda config: _without(config, words[0]))
        return None

    async def _reload(self, words: list[str]) -> Value:
        """Read our own directory again; what the client has read is not looked at.

        A client reads the same directory, and tells of it in single steps that can fail half way.
        """
        target = "" if words[:1] in ([], ["--all"]) else words[0]
        if "--unban" in words:
            for name in [target] if target else self._jails.names():
                self._jailer.release(self._jailer.banned(name), name)
        if target and not self._jails.is_known(target) and "--if-exists" in words:
            return "OK"
        await self._steering.reload(target, restarts="--restart" in words)
        return "OK"


def _saying(text: str) -> Callable[[list[str]], Awaitable[Value]]:
    async def say(_: list[str]) -> Value:
        return text

    return say


def _without(config: Config, name: str) -> Config:
    jails: tuple[JailConfig, ...] = tuple(jail for jail in config.jails if jail.name != name)
    return replace(config, jails=jails)


SERVER_SETTINGS: Final = frozenset(
    {"loglevel", "logtarget", "syslogsocket", "dbfile", "dbmaxmatches", "dbpurgeage", "thread"}
)
SETTABLE: Final = SERVER_SETTINGS | {"allowipv6"}
