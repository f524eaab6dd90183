"""Actions in Python, as their authors write them for fail2ban: dialogues told by what they write down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from banish.adapters.scripts import module
from banish.adapters.scripts.briefing import Archive
from banish.adapters.scripts.module import ModuleAction
from banish.compat.bantags import Event
from banish.core.config import Script
from banish.core.errors import RefusedError
from banish.core.model import NEVER, Ban, Evidence, Instant, Seconds, Subject
from banish.core.plain import Returned

BAN = Ban(
    "j", Subject("192.0.2.1"), Instant(100), Instant(700), 3,
    evidence=(Evidence(Instant(99), 0, ("one", "two")),), fields={"user": "root"},
)  # fmt: skip

WRITER = """
from fail2ban.server.actions import ActionBase, CallingMap

class Action(ActionBase):
    def __init__(self, jail, name, path, **more):
        super().__init__(jail, name)
        self.path = path
        self.write("init", self._jail.name, self._name, jail.actions.getBanTime(), more)
    def write(self, *words):
        with open(self.path, "a") as file:
            print(*words, file=file)
    def start(self):
        self.write("start")
    def stop(self):
        self.write("stop")
    def ban(self, info):
        self.write("ban", info["ip"], info["failures"] + 0, info["time"], repr(info["matches"]), info["F-*"])
    def unban(self, info):
        self.write("unban", info["ip"], info["bantime"])
"""


class Scene:
    """An action, what was told, and what it wrote."""

    def __init__(self, directory: Path, text: str, **arguments: str) -> None:
        self.written = directory / "written"
        path = directory / "mine.py"
        path.write_text(text)
        script = Script("mine", tuple({"path": str(self.written), **arguments}.items()), "mine.py")
        self.said: list[str] = []
        known = Archive(lambda _: (BAN,))
        self.action = ModuleAction("j", Seconds(600), script, path, self.said.append, known)

    def lines(self) -> list[str]:
        return self.written.read_text().splitlines() if self.written.exists() else []


def play(scene: Scene, dialogue: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(30):
            await dialogue(scene)

    asyncio.run(run())


def test_an_action_is_called_in_order(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        assert await scene.action.ban(Event(BAN))
        await scene.action.prolong(Event(BAN))
        await scene.action.unban(Event(BAN))
        await scene.action.end([Event(Ban("j", Subject("192.0.2.2"), Instant(5), NEVER))])

    scene = Scene(tmp_path, WRITER, more="x")
    play(scene, dialogue)
    assert [] == scene.said
    assert [
        "init j mine 600 {'more': 'x'}",
        "start",
        "ban 192.0.2.1 3 99.0 'one\\ntwo' {'user': 'root'}",
        "unban 192.0.2.1 600",
        "unban 192.0.2.2 -1",
        "stop",
    ] == scene.lines()


def test_what_it_can_do_besides_is_used(tmp_path: Path) -> None:
    text = f"""{WRITER}
    norestored = True
    _prolongable = True
    def prolong(self, info):
        self.write("prolong", info["ip"])
    def flush(self):
        self.write("flush")
        return True
"""

    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        assert await scene.action.ban(Event(BAN, is_restored=True))
        await scene.action.prolong(Event(BAN))
        await scene.action.end([Event(BAN)])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert ["start", "prolong 192.0.2.1", "flush", "stop"] == scene.lines()[1:]


def test_a_ban_of_an_earlier_life_is_told_with_its_lines(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        restored = Ban("j", Subject("192.0.2.1"), Instant(100), Instant(700), 3)
        await scene.action.ban(Event(restored, is_restored=True))
        await scene.action.end([])

    scene = Scene(tmp_path, WRITER)
    play(scene, dialogue)
    assert "ban 192.0.2.1 3 99.0 'one\\ntwo' {'user': 'root'}" in scene.lines()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name' at {}:1"),
        ("import briefing", "No module named 'briefing' at {}:1"),
        ("x = ", "SyntaxError"),
        ("class Action: pass", "takes no arguments"),
        ("import os; os._exit(3)", "its process has ended"),
    ],
)
def test_an_action_that_cannot_be_made_is_told(tmp_path: Path, text: str, why: str) -> None:
    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        assert not await scene.action.ban(Event(BAN))
        await scene.action.end([Event(BAN)])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert 2 == len(scene.said)
    for said in scene.said:
        assert said.startswith("[j] mine: start failed: ")
        assert why.format(tmp_path / "mine.py") in said


def test_after_a_failure_it_goes_on(tmp_path: Path) -> None:
    text = WRITER.replace('self.write("ban",', 'info["ip"] == "192.0.2.7" and 1 / 0; self.write("ban",')
    bad = Ban("j", Subject("192.0.2.7"), Instant(100), Instant(700), 3)

    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        assert not await scene.action.ban(Event(bad))
        assert await scene.action.ban(Event(BAN))
        await scene.action.end([])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "1 / 0" in each)
    path = tmp_path / "mine.py"
    assert [f"[j] mine: ban failed: ZeroDivisionError: division by zero at {path}:{line}"] == scene.said
    assert 1 == len([each for each in scene.lines() if each.startswith("ban")])


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    text = WRITER.replace('self.write("unban",', 'import os; os._exit(1); self.write("unban",')

    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        await scene.action.unban(Event(BAN))
        assert await scene.action.ban(Event(BAN))
        await scene.action.end([])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert ["[j] mine: unban failed: its process has ended"] == scene.said
    assert ["init", "start", "init", "start", "ban", "stop"] == [each.split()[0] for each in scene.lines()]


def test_a_call_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 2.0)
    text = WRITER.replace('self.write("ban",', 'import time; time.sleep(600); self.write("ban",')

    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        assert not await scene.action.ban(Event(BAN))
        await scene.action.end([])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert ["[j] mine: ban failed: no end after 2 s"] == scene.said


def test_what_it_prints_and_logs_is_told(tmp_path: Path) -> None:
    text = WRITER.replace(
        'self.write("start")', 'print("hello", flush=True); self._logSys.warning("of %s", 1)'
    )

    async def dialogue(scene: Scene) -> None:
        await scene.action.begin()
        await scene.action.end([])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert ["[j] mine: hello", "[j] mine: WARNING of 1"] == scene.said


def test_a_name_is_looked_up_when_it_is_asked_for(tmp_path: Path) -> None:
    text = WRITER.replace(
        'self.write("ban",', 'info["ip-host"] = "set"; self.write("host", info["ip-host"]); self.write("ban",'
    )

    async def dialogue(scene: Scene) -> None:
        await scene.action.ban(Event(BAN))
        await scene.action.end([])

    scene = Scene(tmp_path, text)
    play(scene, dialogue)
    assert "host set" in scene.lines()


CALLED = f"""{WRITER}
    def greet(self, whom="you"):
        return "hello " + whom
    def odd(self):
        return self
    def _private(self):
        return 1
    text = "no method"
"""


def test_methods_are_called_by_hand(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        action = scene.action
        assert await action.call("greet", {}) == Returned("hello you")
        assert await action.call("greet", {"whom": "root"}) == Returned("hello root")
        odd = await action.call("odd", {})
        assert odd is not None
        assert str(odd.value).startswith("<mine.Action object")
        for missing in ("none", "_private", "text"):
            assert await action.call(missing, {}) is None
        with pytest.raises(RefusedError, match="unexpected keyword argument 'bad'"):
            await action.call("greet", {"bad": 1})
        await action.end([])

    scene = Scene(tmp_path, CALLED)
    play(scene, dialogue)
    assert [] == scene.said


def test_a_method_of_an_action_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        with pytest.raises(RefusedError, match="cannot be started"):
            await scene.action.call("greet", {})

    play(Scene(tmp_path, "x = "), dialogue)


def test_a_method_without_end_is_refused(tmp_path: Path) -> None:
    async def dialogue(scene: Scene) -> None:
        with pytest.raises(RefusedError, match="came to no end"):
            await scene.action.call("greet", {})

    scene = Scene(tmp_path, CALLED.replace('return "hello " + whom', "import os; os._exit(1)"))
    play(scene, dialogue)
    assert ["[j] mine: greet failed: its process has ended"] == scene.said
