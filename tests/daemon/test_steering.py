"""A change of the configuration: all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from banish.core.config import Config, JailConfig, Rule
from banish.core.errors import ConfigError, RefusedError
from banish.daemon.configuration import Loaded, load
from banish.daemon.steering import Steering, put_in

JAILS = """
[sshd]
enabled = no
[a]
enabled = yes
filter = f
logpath = {0}/log
maxretry = {1}
[b]
enabled = {2}
filter = {3}
logpath = {0}/log
"""


def write(directory: Path, retries: int = 2, *, b: str = "yes", of_b: str = "f") -> None:
    (directory / "filter.d").mkdir(exist_ok=True)
    (directory / "filter.d" / "f.conf").write_text("[Definition]\nfailregex = ^failed <HOST>$\n")
    (directory / "filter.d" / "broken.conf").write_text("[Definition]\nfailregex = ^failed <HOST>($\n")
    (directory / "jail.local").write_text(JAILS.format(directory, retries, b, of_b))


def steered(
    directory: Path, steps: Callable[[Steering], Awaitable[None]], *, refuses: bool = False
) -> tuple[list[list[str]], Steering]:
    """Return the names of the jails of everything that was adopted, and the steering."""
    adopted: list[list[str]] = []

    async def adopt(loaded: Loaded, **_: object) -> None:
        if refuses:
            raise RefusedError("no scanner")
        adopted.append([rules.jail.name for rules in loaded.program])

    async def run() -> Steering:
        steering = Steering(load(str(directory)), adopt)
        await steps(steering)
        return steering

    return adopted, asyncio.run(run())


def test_an_edit_is_compiled_and_adopted(tmp_path: Path) -> None:
    write(tmp_path)

    async def steps(steering: Steering) -> None:
        await steering.change(lambda config: replace(config, jails=config.jails[:1]))

    adopted, steering = steered(tmp_path, steps)
    assert [["a"]] == adopted
    assert ["a"] == [jail.name for jail in steering.jails()]
    assert steering.jail("b") is None
    assert str(tmp_path) == steering.directory


def test_an_edit_that_cannot_run_leaves_all_as_it_is(tmp_path: Path) -> None:
    write(tmp_path)

    def broken(config: Config) -> Config:
        bad = replace(config.jails[0], failregex=(Rule("(", "("),))
        return replace(config, jails=put_in(config.jails, bad))

    async def steps(steering: Steering) -> None:
        with pytest.raises(ConfigError, match="not a regular expression"):
            await steering.change(broken)

    adopted, steering = steered(tmp_path, steps)
    assert [] == adopted
    assert ["a", "b"] == [jail.name for jail in steering.jails()]


def test_what_could_not_be_adopted_is_not_in_force(tmp_path: Path) -> None:
    write(tmp_path)

    async def steps(steering: Steering) -> None:
        with pytest.raises(RefusedError):
            await steering.change(lambda config: replace(config, jails=()))

    _, steering = steered(tmp_path, steps, refuses=True)
    assert ["a", "b"] == [jail.name for jail in steering.jails()]
    assert ["a", "b"] == [jail.name for jail in steering.config.jails]


def test_the_directory_is_read_again(tmp_path: Path) -> None:
    write(tmp_path)

    async def steps(steering: Steering) -> None:
        write(tmp_path, 7, b="no")
        await steering.reload("a")
        assert ["a", "b"] == [jail.name for jail in steering.jails()]
        assert [7] == [jail.maxretry for jail in steering.jails() if jail.name == "a"]
        await steering.reload()

    adopted, steering = steered(tmp_path, steps)
    assert [["a", "b"], ["a"]] == adopted
    assert ["a"] == [jail.name for jail in steering.jails()]


def test_it_is_told_whether_files_were_read_again(tmp_path: Path) -> None:
    write(tmp_path)
    kinds: list[tuple[bool, list[str]]] = []

    async def adopt(_: Loaded, *, is_reload: bool, restarts: Collection[str]) -> None:
        kinds.append((is_reload, list(restarts)))

    async def run() -> None:
        steering = Steering(load(str(tmp_path)), adopt)
        await steering.change(lambda config: config)
        await steering.reload()
        await steering.reload("a")
        await steering.reload(restarts=True)
        await steering.reload("a", restarts=True)

    asyncio.run(run())
    assert [(False, []), (True, []), (True, []), (True, ["a", "b"]), (True, ["a"])] == kinds


def test_a_jail_that_is_not_enabled_any_more_goes(tmp_path: Path) -> None:
    write(tmp_path)

    async def steps(steering: Steering) -> None:
        write(tmp_path, b="no")
        await steering.reload("b")
        with pytest.raises(ConfigError, match="no such jail"):
            await steering.reload("b")
        write(tmp_path)
        await steering.reload("b")

    assert [["a"], ["a", "b"]] == steered(tmp_path, steps)[0]


def test_a_mistake_is_told_with_its_place_and_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path)

    async def steps(steering: Steering) -> None:
        write(tmp_path, 7, of_b="broken")
        with pytest.raises(ConfigError, match=r"broken\.conf:2"):
            await steering.reload()
        await steering.reload("a")  # has nothing to do with it

    adopted, steering = steered(tmp_path, steps)
    assert [["a", "b"]] == adopted
    assert [7, 2] == [steering.jails()[0].maxretry, 2]


def test_a_jail_is_put_in_its_place() -> None:
    one, two = JailConfig("one"), JailConfig("two")
    assert (one, two) == put_in((one,), two)
    again = replace(one, maxretry=9)
    assert (again, two) == put_in((one, two), again)
