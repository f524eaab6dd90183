"""Dialogues with a daemon in fail2ban's commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import JAILS, Client, with_daemon

from banish.compat import FAIL2BAN_VERSION
from banish.compat.frames import RemoteError, Value

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["ping", "100"], "pong"),
        (["ping", 0.1], "pong"),
        (["version"], FAIL2BAN_VERSION),
        (["server-status"], "Server ready"),
        (["echo", "a", "b"], ["a", "b"]),
        (["sleep", "0"], None),
        (["sleep"], "error: list index out of range"),
        (["sleep", "x"], "error: could not convert string to float: 'x'"),
        (["config-error", "x"], None),
        (["status"], [("Number of jail", 2), ("Jail list", "alpha, beta")]),
        (["status", "a", "b", "c"], "error: Invalid command (no status)"),
        (["status", "nosuch"], "error: 'nosuch'"),
        (["banned"], [{"alpha": []}, {"beta": []}]),
        (["nonsense"], "error: Invalid command"),
        (["get"], "error: list index out of range"),
        (["get", "nosuch"], "error: list index out of range"),
        (["get", "nosuch", "x"], "error: 'nosuch'"),
        (["get", "loglevel"], "INFO"),
        (["get", "thread"], {"stacksize": 0}),
        (["get", "dbfile"], None),
        (["set"], "error: list index out of range"),
        (["set", "loglevel"], "error: list index out of range"),
        (["set", "nosuch"], "error: list index out of range"),
        (["set", "nosuch", "x"], "error: 'nosuch'"),
        (["set", "loglevel", "debug"], "DEBUG"),
        (["set", "loglevel", "bogus"], "error: Invalid log level 'bogus'"),
        (["set", "allowipv6", "auto"], "auto"),
        (["unban"], "error: Invalid command"),
        (["flushlogs"], "flushed"),
        (["stop", "nosuch"], "error: 'nosuch'"),
    ],
)
def test_a_word_has_its_answer(tmp_path: Path, words: list[Value], value: Value) -> None:
    async def dialogue(client: Client) -> Value:
        return await client(*words)

    assert value == with_daemon(tmp_path, dialogue)


def test_bans_are_made_told_and_lifted(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("set", "alpha", "banip", "192.0.2.11", "192.0.2.12", "2001:DB8:0::1") == 3
        assert await client("set", "beta", "banip", "192.0.2.11") == 1
        assert await client("banned", "192.0.2.11", "192.0.2.9") == [["alpha", "beta"], []]
        assert await client("banned") == [
            {"alpha": ["192.0.2.11", "192.0.2.12", "2001:db8::1"]},
            {"beta": ["192.0.2.11"]},
        ]
        assert await client("unban", "192.0.2.11", "192.0.2.9") == 2
        assert await client("unban", "--all") == 2
        assert await client("unban", "--all") == 0

    with_daemon(tmp_path, dialogue)


def test_a_reload_takes_all_or_nothing(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        await client("set", "alpha", "banip", "192.0.2.11")
        expression = tmp_path / "filter.d" / "alpha.conf"
        good = expression.read_text()
        expression.write_text(good.replace("<HOST>", "<HOST>("))
        refusal = await client("reload", "--all", [], [])
        assert isinstance(refusal, str)
        assert "alpha.conf:2" in refusal
        assert await client("status") == [("Number of jail", 2), ("Jail list", "alpha, beta")]
        expression.write_text(good.replace("failed", "refused"))
        (tmp_path / "jail.local").write_text(JAILS.format(tmp_path).replace("[beta]", "[gamma]"))
        assert await client("reload", "alpha", [], []) == "OK"
        assert await client("status") == [("Number of jail", 2), ("Jail list", "alpha, beta")]
        assert await client("reload", "--all", [], []) == "OK"
        assert await client("banned") == [{"alpha": ["192.0.2.11"]}, {"gamma": []}]
        told = await client("get", "alpha", "failregex")
        assert isinstance(told, list)
        assert "refused" in str(told[0])

    with_daemon(tmp_path, dialogue)


def test_no_line_is_lost_or_counted_twice_when_the_rules_change(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        jailer, log = client.guardian.jailer, tmp_path / "alpha.log"
        await client("set", "alpha", "maxretry", "1000")
        for number in range(5):
            with log.open("a") as file:
                file.write("failed from 192.0.2.11\n" * 20)
            await client("set", "alpha", "addfailregex", f"^refused {number} <HOST>$")
        await client.until(lambda: jailer.status("alpha").failures >= 100)
        with log.open("a") as file:
            file.write("failed from 192.0.2.12\n")
        await client.until(lambda: jailer.status("alpha").failures > 100)
        assert 101 == jailer.status("alpha").failures

    with_daemon(tmp_path, dialogue)


def test_the_log_tells_what_its_readers_look_for(tmp_path: Path) -> None:
    log = tmp_path / "f2b.log"

    async def dialogue(client: Client) -> None:
        await client("set", "logtarget", str(log))
        await client("stop", "beta")
        (tmp_path / "jail.local").write_text(JAILS.format(tmp_path).replace("[alpha]", "[gamma]"))
        await client("reload", "--all", [], [])

    with_daemon(tmp_path, dialogue)
    told = [line.rpartition("INFO    ")[2] for line in log.read_text().splitlines()]
    assert "Jail 'beta' stopped" in told
    assert {"Jail 'alpha' stopped", "Jail 'gamma' started", "Jail 'beta' started"} <= set(told)
    assert "Exiting Fail2ban" == told[-1]
    assert all(" fail2ban." in line and "]: INFO    " in line for line in log.read_text().splitlines())


def test_a_reload_of_a_jail_that_is_not_there(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert str(await client("reload", "nosuch", [], [])).startswith("error: [nosuch]: no such jail")
        assert await client("reload", "nosuch", ["--if-exists"], []) == "OK"
        await client("set", "alpha", "banip", "192.0.2.11")
        assert await client("reload", "alpha", ["--unban"], []) == "OK"
        assert await client("banned", "192.0.2.11") == [[]]
        (tmp_path / "jail.local").write_text(
            JAILS.format(tmp_path).replace("[beta]\nenabled = true", "[beta]")
        )
        assert await client("reload", "beta", [], []) == "OK"
        assert await client("status") == [("Number of jail", 1), ("Jail list", "alpha")]

    with_daemon(tmp_path, dialogue)


def test_a_jail_that_comes_back_has_its_bans_again(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        await client("set", "beta", "banip", "192.0.2.11")
        await client("stop", "beta")
        assert await client("banned", "192.0.2.11") == [[]]
        assert await client("reload", "--all", [], []) == "OK"
        assert await client("banned", "192.0.2.11") == [["beta"]]

    with_daemon(tmp_path, dialogue)


def test_jails_are_stopped(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        assert await client("stop", "alpha") is None
        assert await client("status") == [("Number of jail", 1), ("Jail list", "beta")]
        assert await client("stop", "--all") is None
        assert await client("status", "--all") == [("Number of jail", 0), ("Jail list", "")]

    with_daemon(tmp_path, dialogue)


@pytest.mark.parametrize("request_", [None, "ping", 5, [], [5], ["ping", ["x"]][1:]])
def test_what_is_no_command_is_told(tmp_path: Path, request_: Value) -> None:
    async def dialogue(client: Client) -> Value:
        return await client.transmitter.answer(request_)

    assert with_daemon(tmp_path, dialogue) == (1, RemoteError("Exception", ("Invalid command",)))
