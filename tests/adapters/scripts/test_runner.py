"""Actions as they are run: dialogues of bans and commands, told by a file into which the commands write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from banish.adapters.scripts.none import NoScripts
from banish.adapters.scripts.runner import ScriptRunner
from banish.core.config import JailConfig, Script
from banish.core.errors import RefusedError
from banish.core.model import Ban, Instant, Place, Subject
from banish.core.plain import Returned

ONE, TWO, SIX = Subject("192.0.2.1"), Subject("192.0.2.2"), Subject("2001:db8::1")


def ban(subject: Subject, until: float = 700) -> Ban:
    return Ban("j", subject, Instant(100), Instant(until), 3)


def script(path: Path, name: str = "a", **properties: str) -> Script:
    """Return an action that writes down its commands."""
    given = {
        "actionstart": f"echo {name} start <family> >> {path}",
        "actionstop": f"echo {name} stop <family> >> {path}",
        "actionban": f"echo {name} ban <ip> <restored> >> {path}",
        "actionunban": f"echo {name} unban <ip> >> {path}",
        **{key.replace("__", "?family="): value.format(path) for key, value in properties.items()},
    }
    return Script(name, tuple(given.items()))


class Scene:
    """A runner, what was told, and what commands wrote."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self.runner = ScriptRunner(self.said.append)

    def adopt(self, *scripts: Script, bans: tuple[Ban, ...] = ()) -> None:
        self.runner.adopt([JailConfig("j", scripts=scripts)], lambda _: bans)

    async def written(self) -> list[str]:
        """Return what was written since the last time."""
        async with asyncio.timeout(20):
            await self.runner.settle()
        text = self.path.read_text() if self.path.exists() else ""
        self.path.write_text("")
        return text.splitlines()

    async def end(self) -> list[str]:
        await self.runner.close()
        return self.path.read_text().splitlines()


def play(directory: Path, dialogue: Callable[[Scene], Awaitable[None]]) -> list[str]:
    async def run() -> list[str]:
        scene = Scene(directory / "written")
        await dialogue(scene)
        return scene.said

    return asyncio.run(run())


def test_a_plain_action_is_started_with_its_jail(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path))
        assert ["a start"] == await scene.written()
        scene.runner.ban([ban(ONE), ban(SIX)])
        assert ["a ban 192.0.2.1 0", "a ban 2001:db8::1 0"] == await scene.written()
        scene.runner.unban([Place("j", ONE), Place("j", TWO), Place("other", ONE)])
        assert ["a unban 192.0.2.1"] == await scene.written()
        assert ["a unban 2001:db8::1", "a stop"] == await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_families_are_started_when_somebody_of_them_is_banned(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path, tool="x", tool__inet6="y"))
        assert [] == await scene.written()
        scene.runner.ban([ban(SIX)])
        assert ["a start inet6", "a ban 2001:db8::1 0"] == await scene.written()
        scene.runner.ban([ban(ONE)])
        assert ["a start inet4", "a ban 192.0.2.1 0"] == await scene.written()
        assert [
            "a unban 2001:db8::1",
            "a unban 192.0.2.1",
            "a stop inet6",
            "a stop inet4",
        ] == await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_all_are_let_in_at_once_if_the_action_knows_how(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path, actionflush="echo flush >> {}"))
        scene.runner.ban([ban(ONE), ban(TWO)])
        await scene.written()
        assert ["flush", "a stop"] == await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_what_is_remembered_is_banned_again(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        quiet = script(scene.path, "quiet", norestored="1")
        scene.adopt(script(scene.path), quiet, bans=(ban(ONE),))
        assert ["a start", "a ban 192.0.2.1 1", "quiet start"] == await scene.written()
        assert ["quiet stop", "a unban 192.0.2.1", "a stop"] == await scene.end()

    assert [] == play(tmp_path, dialogue)


@pytest.mark.parametrize("is_after_crash", [False, True])
def test_what_an_earlier_life_left_is_undone_first(tmp_path: Path, *, is_after_crash: bool) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.runner = ScriptRunner(scene.said.append, is_after_crash=is_after_crash)
        left = scene.path.with_name("left")
        left.touch()
        scene.adopt(
            script(scene.path, actioncheck=f"test -e {left}", actionstop=f"rm {left}; echo stop >> {{}}"),
            script(scene.path, "mail"),
            bans=(ban(ONE),),
        )
        told = ["a start", "a ban 192.0.2.1 1", "mail start", "mail ban 192.0.2.1 1"]
        assert (["stop"] if is_after_crash else []) + told == await scene.written()
        await scene.runner.close()

    assert [] == [text for text in play(tmp_path, dialogue) if "actionstop" not in text]


def test_who_is_let_in_before_his_turn_bothers_nobody(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path))
        scene.runner.ban([ban(ONE), ban(TWO)])
        assert 2 == scene.runner.waiting()
        scene.runner.unban([Place("j", ONE)])
        assert ["a start", "a ban 192.0.2.2 0"] == await scene.written()
        scene.runner.unban([Place("j", TWO)])
        scene.runner.ban([ban(TWO)])  # he was never out
        assert [] == await scene.written()
        await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_a_longer_ban_is_told_to_actions_that_know_what_to_do(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path, actionprolong="echo prolong <ip> <bantime> >> {}"))
        scene.runner.ban([ban(ONE)])
        scene.runner.prolong([(Place("j", ONE), Instant(1000))])
        assert ["a start", "a ban 192.0.2.1 0"] == await scene.written()  # with the new time at once
        scene.runner.prolong([(Place("j", ONE), Instant(1100)), (Place("j", TWO), Instant(1100))])
        assert ["prolong 192.0.2.1 1000"] == await scene.written()
        await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_actions_come_and_go_while_bans_stay(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        one, two = script(scene.path, "one"), script(scene.path, "two")
        scene.adopt(one)
        scene.runner.ban([ban(ONE)])
        await scene.written()
        scene.adopt(one, two)
        assert ["two start", "two ban 192.0.2.1 1"] == await scene.written()
        scene.adopt(two)
        assert ["one unban 192.0.2.1", "one stop"] == await scene.written()
        scene.runner.adopt([], lambda _: ())
        async with asyncio.timeout(20):
            while "two stop" not in scene.path.read_text():  # noqa: ASYNC110 - nobody waits for a jail that goes
                await asyncio.sleep(0.01)
        assert ["two unban 192.0.2.1", "two stop"] == await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_what_is_broken_is_mended_once(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        table = scene.path.with_name("table")
        scene.adopt(
            script(
                scene.path,
                actionstart=f"touch {table}; echo start >> {{}}",
                actionstop="echo stop >> {}",
                actioncheck=f"test -e {table}",
                actionban=f"test -e {table} && echo ban <ip> >> {{}}",
            )
        )
        await scene.written()
        table.unlink()  # as an administrator does who flushes all rules
        scene.runner.ban([ban(ONE)])
        assert ["stop", "start", "ban 192.0.2.1"] == await scene.written()
        table.unlink()
        scene.runner.unban([Place("j", ONE)])
        await scene.written()
        await scene.end()

    said = play(tmp_path, dialogue)
    assert any("actionban failed, status 1" in text for text in said)
    assert any("Trying to restore a sane environment" in text for text in said)


@pytest.mark.parametrize(("repair", "expected"), [("touch {table}", True), ("false", False), ("true", False)])
def test_an_action_may_know_how_to_mend(tmp_path: Path, repair: str, *, expected: bool) -> None:
    table = tmp_path / "table"

    async def dialogue(scene: Scene) -> None:
        scene.adopt(
            script(
                scene.path,
                actionban=f"test -e {table} && echo ban >> {{}}",
                actioncheck=f"test -e {table}",
                actionrepair=repair.replace("{table}", str(table)),
            )
        )
        await scene.written()
        scene.runner.ban([ban(ONE)])
        assert (["ban"] if expected else []) == await scene.written()
        await scene.end()

    said = play(tmp_path, dialogue)
    assert expected is not any("Failed to execute ban jail 'j' action 'a'" in text for text in said)


def test_what_fails_is_tried_again_told_and_holds_up_nobody(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        scene.adopt(script(scene.path, "bad", actionban="echo try >> {}; exit 3"), script(scene.path, "good"))
        await scene.written()
        scene.runner.ban([ban(ONE)])
        assert ["try", "try", "good ban 192.0.2.1 0"] == await scene.written()
        scene.runner.unban([Place("j", ONE)])
        assert ["good unban 192.0.2.1"] == await scene.written()
        await scene.end()

    said = play(tmp_path, dialogue)
    assert "Failed to execute ban jail 'j' action 'bad' 192.0.2.1" in said


def test_nothing_is_run_where_nothing_may_be() -> None:
    none = NoScripts()
    none.adopt([JailConfig("j", scripts=(Script("a", (("actionstart", "exit 1"),)),))], lambda _: ())
    none.ban([ban(ONE)])
    none.unban([Place("j", ONE)])
    none.prolong([(Place("j", ONE), Instant(1))])
    asyncio.run(none.close())


def test_what_goes_on_hears_of_a_reload(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        plain = script(scene.path, actionreload="echo reload >> {}")
        lazy = script(scene.path, "lazy", actionreload="echo lazy reload >> {}", tool__inet6="x")
        scene.adopt(plain, lazy)
        scene.runner.ban([ban(SIX)])
        await scene.written()
        scene.adopt(plain, lazy)
        assert [] == await scene.written()
        scene.runner.adopt([JailConfig("j", scripts=(plain, lazy))], lambda _: (), is_reload=True)
        assert ["reload", "lazy reload"] == await scene.written()
        await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_actions_in_python_are_found_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "class Action:\n"
        "    def __init__(self, jail, name, path): self.path = path\n"
        "    def __getattr__(self, call): return lambda *info: print(call, file=open(self.path, 'a'))\n"
    )

    async def run() -> list[str]:
        said: list[str] = []
        runner = ScriptRunner(said.append, root=tmp_path)
        path = tmp_path / "written"
        own = Script("own", (("path", str(path)),), "own.py")
        runner.adopt([JailConfig("j", scripts=(own,))], lambda _: ())
        runner.ban([ban(ONE)])
        async with asyncio.timeout(20):
            await runner.settle()
        await runner.close()
        assert [] == said
        return path.read_text().splitlines()

    assert ["start", "ban", "flush", "unban", "stop"] == asyncio.run(run())


@pytest.mark.parametrize("fails", [False, True])
def test_many_are_banned_at_once_or_one_by_one_if_that_fails(tmp_path: Path, *, fails: bool) -> None:
    tool = tmp_path / "ipset"
    tool.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/written\n'
        f"case $* in *restore) {'exit 1' if fails else f'cat >> {tmp_path}/written'};; esac\n"
    )
    tool.chmod(0o755)

    async def dialogue(scene: Scene) -> None:
        scene.adopt(
            Script(
                "a",
                (
                    ("actionban", f"{tool} -exist add s<f> <ip>"),
                    ("actionunban", f"{tool} -exist del s<f> <ip>"),
                    ("f", "4"),
                    ("f?family=inet6", "6"),
                ),
            )
        )
        scene.runner.ban([ban(ONE), ban(SIX), ban(TWO)])
        single = [f"-exist add s4 {ONE}", f"-exist add s4 {TWO}"]
        joined = [f"add s4 {ONE}", f"add s4 {TWO}"]
        six = f"-exist add s6 {SIX}"
        expected = [*(single if fails else joined), six]
        assert sorted(["-exist restore", *expected]) == sorted(await scene.written())
        scene.runner.unban([Place("j", ONE), Place("j", TWO)])
        assert "-exist restore" in await scene.written()
        await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_actions_are_commanded_by_hand_in_their_turn(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        plain = script(scene.path, actionflush="echo flush >> {}", actionreload="echo reload >> {}")
        scene.adopt(plain)
        call = scene.runner.call
        for method in ("reload", "flush", "start", "stop", "start"):
            assert await call(("j", "a"), method, {}) == Returned(value=True)
        assert ["a start", "reload", "flush", "a stop", "a start"] == await scene.written()
        assert await call(("j", "a"), "dance", {}) is None
        assert await call(("j", "b"), "start", {}) is None
        assert await call(("other", "a"), "start", {}) is None
        with pytest.raises(RefusedError, match="takes no arguments"):
            await call(("j", "a"), "start", {"x": 1})
        await scene.end()

    assert [] == play(tmp_path, dialogue)


def test_a_restart_stops_and_starts_what_would_go_on(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        plain = script(scene.path, actionreload="echo reload >> {}")
        scene.adopt(plain)
        scene.runner.ban([ban(ONE)])
        await scene.written()
        jails = [JailConfig("j", scripts=(plain,))]
        scene.runner.adopt(jails, lambda _: (), is_reload=True, restarts=["j"])
        assert ["a unban 192.0.2.1", "a stop", "a start", "a ban 192.0.2.1 1"] == await scene.written()
        scene.runner.adopt(jails, lambda _: (), is_reload=True, restarts=["other"])
        assert ["reload"] == await scene.written()
        await scene.end()

    assert [] == play(tmp_path, dialogue)
