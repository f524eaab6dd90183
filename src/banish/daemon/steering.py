"""Change the configuration of the running daemon: all of a change or nothing of it.

A new configuration is read and compiled before anything is touched. One expression that cannot be compiled
leaves every jail as it is, with its bans.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Protocol

from banish.core.config import Config, JailConfig
from banish.core.errors import ConfigError
from banish.daemon.configuration import Loaded, compiled_anew, load


class Adopt(Protocol):
    """Makes a configuration the one in force; told whether it was read again, or changed by hand.

    Jails in `restarts` have their actions stopped and started.
    """

    async def __call__(self, loaded: Loaded, /, *, is_reload: bool, restarts: Collection[str]) -> None:
        """Do it, or raise `RefusedError` with all as before."""
        ...


class Steering:
    """The configuration in force, and the way to another one."""

    def __init__(self, loaded: Loaded, adopt: Adopt) -> None:
        """`adopt` makes a configuration the one in force."""
        self._loaded = loaded
        self._adopt = adopt
        self._lock = asyncio.Lock()

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self._loaded.config

    @property
    def directory(self) -> str:
        """Where it was read."""
        return self._loaded.directory

    def jails(self) -> list[JailConfig]:
        """Return the jails that run."""
        return [rules.jail for rules in self._loaded.program]

    def jail(self, name: str) -> JailConfig | None:
        """Return the configuration of a jail that runs."""
        return next((jail for jail in self.jails() if jail.name == name), None)

    async def change(self, edit: Callable[[Config], Config]) -> None:
        """Put an edit into force; `ConfigError` if what comes of it cannot run."""
        async with self._lock:
            await self._put(compiled_anew(self._loaded, edit(self._runnable())), is_reload=False)

    async def reload(self, only: str = "", *, restarts: bool = False) -> None:
        """Read the directory again, and put it into force, or `only` what it says of one jail.

        With `restarts` the actions of these jails are stopped and started, with all who are banned.
        `ConfigError` with everything that is wrong; all is as before then.
        """
        async with self._lock:
            fresh = await asyncio.to_thread(load, self._loaded.directory)
            errors = [error for error in fresh.errors if not only or error.jail in {"", only}]
            if errors:
                raise ConfigError("\n".join(map(str, errors)))
            loaded = self._with_one(fresh, only) if only else fresh
            names = [only] if only else [rules.jail.name for rules in fresh.program]
            await self._put(loaded, is_reload=True, restarts=names if restarts else [])

    def _with_one(self, fresh: Loaded, name: str) -> Loaded:
        """Return what is in force, but for one jail, which is as it was read now, or gone."""
        found = next((rules.jail for rules in fresh.program if rules.jail.name == name), None)
        if found is None and self.jail(name) is None:
            raise ConfigError(f"[{name}]: no such jail, or it is not enabled; see enabled in jail.local")
        config = self._runnable()
        others = tuple(jail for jail in config.jails if jail.name != name)
        jails = others if found is None else put_in(config.jails, found)
        return compiled_anew(self._loaded, replace(config, jails=jails))

    def _runnable(self) -> Config:
        """Return the configuration in force, without jails that could not run from the beginning."""
        return replace(self._loaded.config, jails=tuple(self.jails()))

    async def _put(self, loaded: Loaded, *, is_reload: bool, restarts: Collection[str] = ()) -> None:
        await self._adopt(loaded, is_reload=is_reload, restarts=restarts)
        self._loaded = loaded


def put_in(jails: tuple[JailConfig, ...], jail: JailConfig) -> tuple[JailConfig, ...]:
    """Return jails with this one in place of the one of its name, or behind all others."""
    if all(each.name != jail.name for each in jails):
        return (*jails, jail)
    return tuple(jail if each.name == jail.name else each for each in jails)
