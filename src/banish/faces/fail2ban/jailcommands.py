"""Commands about one jail: `get JAIL …`, `set JAIL …`, `add`, `start`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from banish.compat.actions import actname
from banish.compat.commands import actionreads
from banish.compat.commands.edits import TOLD, edited, script_named
from banish.compat.commands.faults import duplicate_jail, refused, too_few, unknown_jail, wrong
from banish.compat.commands.reads import READS
from banish.compat.frames import Value
from banish.core.config import Config, JailConfig
from banish.core.model import NEVER, Ban, Subject
from banish.core.plain import Json, Returned
from banish.core.subject import address_of, parse
from banish.daemon.jailer import Jailer
from banish.daemon.steering import Steering, put_in
from banish.faces.fail2ban.moments import period

BACKENDS: Final = ("pyinotify", "polling", "systemd")


class JailCommands:
    """The words behind the name of a jail. A jail that was added waits for `start` before it is compiled."""

    def __init__(self, jailer: Jailer, steering: Steering, files: Callable[[str], list[str]]) -> None:
        """`files` are those that a jail reads."""
        self._jailer = jailer
        self._steering = steering
        self._files = files
        self._waiting: dict[str, JailConfig] = {}

    def names(self) -> list[str]:
        """Return the jails that run, in the order of the configuration."""
        return [jail.name for jail in self._steering.jails()]

    def waiting(self) -> list[str]:
        """Return the jails that were added and not started yet."""
        return list(self._waiting)

    def drop(self, name: str) -> bool:
        """Forget a jail that was not started yet; whether there was one."""
        return self._waiting.pop(name, None) is not None

    def is_known(self, name: str) -> bool:
        """Whether there is such a jail, running or not yet."""
        return name in self._waiting or self._steering.jail(name) is not None

    def known(self, name: str) -> None:
        """Raise `CommandError` if no such jail runs."""
        if self._steering.jail(name) is None:
            raise unknown_jail(name)

    # ------------------------------------------------------------------------------------ jails

    async def add(self, words: list[str]) -> Value:
        """Prepare a jail that no file tells of."""
        if not words:
            raise too_few()
        name, backend = words[0], words[1] if len(words) > 1 else "auto"
        if name == "--all":
            raise wrong("Reserved name '--all'")
        if self.is_known(name):
            raise duplicate_jail(name)
        if backend.partition("[")[0].lower() not in {"auto", *BACKENDS}:
            raise wrong(f"Unknown backend {backend}. Must be among {list(BACKENDS)} or 'auto'")
        self._waiting[name] = JailConfig(name, backend=backend)
        return name

    async def start(self, words: list[str]) -> Value:
        """Have a jail run that was prepared."""
        if not words:
            raise too_few()
        if words[0] in self._waiting:
            jail = self._waiting[words[0]]
            await self._steering.change(lambda config: _with(config, jail))
            del self._waiting[words[0]]
        else:
            self.known(words[0])
        return None

    # ------------------------------------------------------------------------------------ asking

    def get(self, name: str, words: Sequence[str]) -> Value:
        """Return what `get NAME words…` asks for."""
        if not words:
            raise too_few()
        word, *rest = words
        if word in READS:
            return READS[word](self._config(name))
        asked: dict[str, Callable[[str, Sequence[str]], Value]] = {
            "logpath": self._logs,
            "actions": self._actions,
            "action": lambda name, words: actionreads.value(self._config(name), words),
            "actionproperties": lambda name, words: actionreads.properties(self._config(name), words),
            "actionmethods": lambda name, words: actionreads.methods(self._config(name), words),
            "banip": self._bans,
            "banned": self._is_banned,
        }
        if word not in asked:
            raise refused("Invalid command (no get action or not yet implemented)")
        return asked[word](name, rest)

    def _logs(self, name: str, _: Sequence[str]) -> Value:
        if name in self._waiting:
            return [log.pattern for log in self._waiting[name].logpaths]
        return list[Value](self._files(name))

    def _actions(self, name: str, _: Sequence[str]) -> Value:
        return [actname(action, name) for action in self._config(name).actions]

    def _bans(self, name: str, words: Sequence[str]) -> Value:
        if words and words[0] == "--with-time":
            return [_with_time(ban) for ban in self._jailer.bans(name)]
        subjects = [ban.subject for ban in self._jailer.bans(name)]
        return words[0].join(subjects) if words else list[Value](subjects)

    def _is_banned(self, name: str, words: Sequence[str]) -> Value:
        banned = self._jailer.banned(name)
        if not words:
            return list[Value](banned)
        told: list[Value] = [int(parse(word) in banned) for word in words]
        return told[0] if len(told) == 1 else told

    # ------------------------------------------------------------------------------------ changing

    async def set(self, name: str, words: Sequence[str]) -> Value:
        """Do what `set NAME words…` wants, and return what is so now."""
        if not words:
            raise too_few()
        word, *rest = words
        match word:
            case "banip":
                return await self._ban(name, rest)
            case "unbanip":
                return self._unban(name, rest)
            case "attempt":
                return self._attempt(name, rest)
            case "idle":
                return self._rest(name, rest)
            case "addaction" | "delaction" | "action":
                return await self._change_action(name, word, rest)
            case _:
                await self._edit(name, word, rest)
        told = TOLD.get(word, word)
        if told == "logpath":
            return [log.pattern for log in self._config(name).logpaths]
        return READS[told](self._config(name))

    def _rest(self, name: str, words: Sequence[str]) -> Value:
        if not words:
            raise too_few()
        self.known(name)
        if words[0] not in {"on", "off"}:
            raise refused("Invalid idle option, must be 'on' or 'off'")
        self._jailer.rest(name, is_idle=words[0] == "on")
        return words[0] == "on"

    async def _change_action(self, name: str, word: str, words: Sequence[str]) -> Value:
        if word == "action" and name not in self._waiting:
            returned = await self._called(name, words)
            if returned is not None:
                return _as_value(returned.value)
        await self._edit(name, word, words)
        match word:
            case "addaction":
                return words[0]
            case "delaction":
                return None
            case _:
                return actionreads.value(self._config(name), words)

    async def _called(self, name: str, words: Sequence[str]) -> Returned | None:
        """Call what the words name, if it is a method of an action: it, its method, and arguments as JSON."""
        if len(words) < len(("action", "method")):
            return None
        action, method, *rest = words
        script = script_named(self._config(name), action)
        if not script.module and method not in actionreads.METHODS:
            return None
        try:
            arguments = json.loads(rest[0]) if rest else {}
        except ValueError:
            return None  # a value, then
        if not isinstance(arguments, dict):
            return None
        return await self._jailer.call_action(name, action, method, arguments)

    async def _edit(self, name: str, word: str, words: Sequence[str]) -> None:
        if name in self._waiting:
            self._waiting[name] = edited(self._waiting[name], word, words)
            return
        jail = edited(self._config(name), word, words)
        await self._steering.change(lambda config: _with(config, jail))

    async def _ban(self, name: str, words: Sequence[str]) -> Value:
        self.known(name)
        return await self._jailer.ban(name, [parse(word) for word in words]) if words else 0

    def _unban(self, name: str, words: Sequence[str]) -> Value:
        if not words:
            raise too_few()
        must_be_there = words[0] == "--report-absent"
        subjects = [parse(word) for word in (words[1:] if must_be_there else words)]
        self.known(name)
        banned = set(self._jailer.banned(name))
        absent = [subject for subject in subjects if not _is_in(subject, banned)]
        released = self._jailer.release(subjects, name)
        if must_be_there and absent:
            raise wrong(f"not banned: {absent!r}")
        return len(released)

    def _attempt(self, name: str, words: Sequence[str]) -> Value:
        if not words:
            raise too_few()
        self.known(name)
        return int(self._jailer.attempt(name, parse(words[0]), words[1:]))

    def _config(self, name: str) -> JailConfig:
        jail = self._waiting.get(name) or self._steering.jail(name)
        if jail is None:
            raise unknown_jail(name)
        return jail


def _with(config: Config, jail: JailConfig) -> Config:
    return replace(config, jails=put_in(config.jails, jail))


def _is_in(subject: Subject, banned: set[Subject]) -> bool:
    """Whether a subject is banned itself; of a network, or a name, others may be meant."""
    return subject in banned or address_of(subject) is None


def _with_time(ban: Ban) -> str:
    seconds = -1 if ban.until == NEVER else round(ban.until - ban.at)
    return f"{ban.subject} \t{period(ban.at, ban.until, seconds)}"


def _as_value(value: Json) -> Value:
    """Return what JSON says in the values of the protocol."""
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {key: _as_value(each) for key, each in value.items()}
    return [_as_value(each) for each in value]
