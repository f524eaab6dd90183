"""Commands about one jail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import Client, with_daemon

from banish.adapters.scripts.none import NoScripts
from banish.compat.frames import Value
from banish.core.plain import Returned

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["get", "alpha"], "error: list index out of range"),
        (["get", "alpha", "nonsense"], "error: Invalid command (no get action or not yet implemented)"),
        (["get", "alpha", "maxretry"], 2),
        (["get", "alpha", "actions"], []),
        (["get", "alpha", "banip"], []),
        (["get", "alpha", "banned"], []),
        (["get", "alpha", "banned", "192.0.2.11"], 0),
        (["get", "alpha", "banned", "192.0.2.11", "192.0.2.12"], [0, 0]),
        (["set", "alpha"], "error: list index out of range"),
        (["set", "alpha", "maxretry", "5"], 5),
        (["set", "alpha", "maxretry"], "error: list index out of range"),
        (["set", "alpha", "findtime", "1h"], 3600),
        (["set", "alpha", "addignoreip", "10.0.0.0/8"], ["10.0.0.0/8", "192.0.2.200"]),
        (["set", "alpha", "banip"], 0),
        (["set", "alpha", "unbanip"], "error: list index out of range"),
        (["set", "alpha", "unbanip", "192.0.2.11"], 0),
        (["set", "alpha", "unbanip", "--report-absent"], 0),
        (["set", "alpha", "attempt"], "error: list index out of range"),
        (["set", "alpha", "attempt", "192.0.2.200"], 0),
        (["set", "alpha", "attempt", "192.0.2.13", "a line"], 1),
        (["add"], "error: list index out of range"),
        (["add", "--all"], "error: Reserved name '--all'"),
        (["add", "alpha"], "error: 'alpha'"),
        (
            ["add", "x", "what"],
            "error: Unknown backend what. Must be among ['pyinotify', 'polling', 'systemd'] or 'auto'",
        ),
        (["start"], "error: list index out of range"),
        (["start", "nosuch"], "error: 'nosuch'"),
        (["start", "alpha"], None),
    ],
)
def test_a_word_has_its_answer(tmp_path: Path, words: list[Value], value: Value) -> None:
    async def dialogue(client: Client) -> Value:
        return await client(*words)

    assert value == with_daemon(tmp_path, dialogue)


def test_actions_are_made_and_changed_by_hand(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "addaction", "mail") == "mail"
        assert await client("set", "alpha", "action", "mail", "actionban", "true <ip>") == "true <ip>"
        assert await client("get", "alpha", "action", "mail", "actionban") == "true <ip>"
        assert await client("get", "alpha", "actions") == ["mail"]
        assert "actionban" in str(await client("get", "alpha", "actionproperties", "mail"))
        assert "unban" in str(await client("get", "alpha", "actionmethods", "mail"))
        assert await client("set", "alpha", "delaction", "mail") is None
        assert await client("get", "alpha", "actions") == []

    with_daemon(tmp_path, dialogue)


def test_an_idle_jail_judges_no_lines(tmp_path: Path) -> None:
    def write(*lines: str) -> None:
        with (tmp_path / "alpha.log").open("a") as log:
            log.write("".join(f"failed from {line}\n" for line in lines))

    async def dialogue(client: Client) -> None:
        banned = client.guardian.jailer.banned
        assert await client("set", "alpha", "idle", "on") is True
        before = client.cursors()
        write(*["192.0.2.14"] * 3)
        await client.until(lambda: client.cursors() != before)
        assert await client("set", "alpha", "idle", "off") is False
        write(*["192.0.2.15"] * 3)
        await client.until(lambda: banned("alpha") == ["192.0.2.15"])
        for words in (["alpha", "idle"], ["alpha", "idle", "maybe"], ["nosuch", "idle", "on"]):
            assert str(await client("set", *words)).startswith("error: ")

    with_daemon(tmp_path, dialogue)


def test_bans_of_a_jail(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "banip", "192.0.2.12", "192.0.2.11", "198.51.100.0/24") == 3
        assert await client("set", "alpha", "banip", "192.0.2.12") == 0
        assert await client("set", "alpha", "banip", "192.0.2.200") == 1  # exemptions are not asked
        assert await client("get", "alpha", "banned", "192.0.2.11", "192.0.2.99") == [1, 0]
        told = await client("get", "alpha", "banip", ",")
        assert sorted(str(told).split(",")) == ["192.0.2.11", "192.0.2.12", "192.0.2.200", "198.51.100.0/24"]
        times = await client("get", "alpha", "banip", "--with-time")
        assert isinstance(times, list)
        moment = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
        assert all(re.fullmatch(rf"\S+ \t{moment} \+ 600 = {moment}", str(line)) for line in times)
        absent = await client("set", "alpha", "unbanip", "--report-absent", "192.0.2.11", "192.0.2.99")
        assert absent == "error: not banned: ['192.0.2.99']"
        assert await client("set", "alpha", "unbanip", "192.0.2.8/29") == 1
        assert await client("get", "alpha", "banned") == ["198.51.100.0/24", "192.0.2.200"]

    with_daemon(tmp_path, dialogue)


def test_bans_that_do_not_end(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "bantime", "-1") == -1
        await client("set", "alpha", "banip", "192.0.2.11")
        told = await client("get", "alpha", "banip", "--with-time")
        assert "+ -1 = 9999-12-31 23:59:59" in str(told)

    with_daemon(tmp_path, dialogue)


def test_attempts_count_until_there_is_a_ban(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "attempt", "192.0.2.13") == 1
        assert await client("get", "alpha", "banned", "192.0.2.13") == 0
        assert await client("set", "alpha", "attempt", "192.0.2.13", "one", "two") == 1
        assert await client("get", "alpha", "banned", "192.0.2.13") == 1

    with_daemon(tmp_path, dialogue)


def test_expressions_are_compiled_before_they_count(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        before = await client("get", "alpha", "failregex")
        assert "not a regular expression" in str(await client("set", "alpha", "addfailregex", "<HOST>("))
        assert before == await client("get", "alpha", "failregex")
        await client("set", "alpha", "addfailregex", "^refused <HOST>$")
        with (tmp_path / "alpha.log").open("a") as log:
            log.write("refused 192.0.2.14\nrefused 192.0.2.14\nfailed from 192.0.2.15\n" * 2)
        await client.until(lambda: client.guardian.jailer.banned("alpha") == ["192.0.2.14", "192.0.2.15"])

    with_daemon(tmp_path, dialogue)


def test_a_jail_is_made_by_hand(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        log = tmp_path / "new.log"
        log.touch()
        assert await client("add", "new", "polling") == "new"
        assert await client("set", "new", "addlogpath", str(log)) == [str(log)]
        assert await client("get", "new", "logpath") == [str(log)]
        await client("set", "new", "addfailregex", "^failed from <HOST>$")
        assert await client("status") == [("Number of jail", 3), ("Jail list", "alpha, beta, new")]
        assert "Currently failed" in str(await client("status", "new"))
        assert await client("start", "new") is None
        assert await client("status") == [("Number of jail", 3), ("Jail list", "alpha, beta, new")]
        assert await client("get", "new", "logpath") == [str(log)]
        assert await client("add", "other", "polling") == "other"
        assert await client("stop", "other") is None
        assert await client("status", "other") == "error: 'other'"

    with_daemon(tmp_path, dialogue)


def test_an_operator_is_not_locked_out(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> Value:
        await client.guardian.control.call("status", {}, "192.0.2.77")
        return await client("set", "alpha", "banip", "192.0.2.77")

    assert "192.0.2.77 is not banned" in str(with_daemon(tmp_path, dialogue))


def test_methods_of_actions_are_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []

    async def call(_: NoScripts, *words: object) -> Returned | None:
        calls.append(words)
        return Returned({"a": [1, None]}) if words[1] == "greet" else None

    monkeypatch.setattr(NoScripts, "call", call)

    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "addaction", "py", "/x.py", '{"opt": "1"}') == "py"
        assert await client("set", "alpha", "action", "py", "greet") == {"a": [1, None]}
        assert await client("set", "alpha", "action", "py", "greet", '{"whom": "x"}') == {"a": [1, None]}
        assert await client("set", "alpha", "action", "py", "opt", "2") == "2"
        assert await client("set", "alpha", "action", "py", "opt", "[") == "["
        assert await client("set", "alpha", "addaction", "mail") == "mail"
        for method in ("start", "reload"):
            assert await client("set", "alpha", "action", "mail", method) == "error: list index out of range"
        assert await client("set", "alpha", "action", "mail") == "error: list index out of range"
        assert await client("set", "alpha", "action", "mail", "dest", "root") == "root"

    with_daemon(tmp_path, dialogue)
    place = ("alpha", "py")
    assert [
        (place, "greet", {}),
        (place, "greet", {"whom": "x"}),
        (("alpha", "mail"), "start", {}),
        (("alpha", "mail"), "reload", {}),
    ] == calls
