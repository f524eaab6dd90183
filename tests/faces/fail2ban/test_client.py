"""fail2ban's client, as it is typed."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import Client, configure, with_daemon

from banish.faces.control.server import ControlServer
from banish.faces.fail2ban.client import main


def typed(*words: str) -> tuple[int, str, str]:
    """Return status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(words)
    return status, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("words", "status", "out"),
    [
        (["-V"], 0, "1.1.1\n"),
        (["--version"], 0, "Fail2Ban v1.1.1 (Banish)\n"),
        (["--str2sec", "1d 2h"], 0, "93600\n"),
        (["--str2sec", "1mo"], 0, "2629800.0\n"),
        (["--str2sec", "junk"], 255, "ERROR: 'junk': not a duration; write 600, 10m or 1h 30m\n"),
    ],
)
def test_what_needs_no_server(words: list[str], status: int, out: str) -> None:
    assert (status, out, "") == typed(*words)


@pytest.mark.parametrize("words", [[], ["--nonsense"]])
def test_misuse_is_told_with_the_usage(words: list[str]) -> None:
    status, out, _ = typed(*words)
    assert 255 == status
    assert out.startswith("Usage: fail2ban-client")


def test_help_lists_the_commands() -> None:
    status, out, _ = typed("-h")
    assert 0 == status
    assert "\n    status <JAIL> [FLAVOR]" in out


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    status, out, err = typed("-s", str(tmp_path / "s"), "status")
    assert (255, "") == (status, out)
    assert "ERROR   Failed to access socket path" in err
    assert "Could not find server" in typed("-s", str(tmp_path / "s"), "reload")[2]
    assert "could not convert string to float: 'x'" in typed("-s", str(tmp_path / "s"), "ping", "x")[2]


def test_a_configuration_is_tested_and_told(tmp_path: Path) -> None:
    configure(tmp_path)
    assert (0, "OK: configuration test is successful\n", "") == typed("-c", str(tmp_path), "-t")
    status, out, _ = typed("-c", str(tmp_path), "-d")
    assert 0 == status
    assert "['set', 'alpha', 'maxretry', 2]\n" in out
    assert out == typed("-c", str(tmp_path), "--dp")[1]
    (tmp_path / "filter.d" / "alpha.conf").write_text("[Definition]\nfailregex = (<HOST>\n")
    status, out, err = typed("-c", str(tmp_path), "-t")
    assert (255, "ERROR: test configuration failed\n") == (status, out)
    assert "alpha.conf:2" in err  # where the original says that all is well
    assert 255 == typed("-c", str(tmp_path), "-t", "status")[0]


@pytest.mark.slow
def test_commands_go_to_a_server(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        path = tmp_path / "s"
        server = ControlServer(client.guardian.control, path, client.transmitter)
        await server.open()

        async def say(*words: str) -> tuple[int, str, str]:
            return await asyncio.to_thread(typed, "-s", str(path), *words)

        assert (0, "Server replied: pong\n", "") == await say("ping", "5")
        assert (0, "1\n", "") == await say("set", "alpha", "banip", "192.0.2.11")
        assert (0, "[{'alpha': ['192.0.2.11']}, {'beta': []}]\n", "") == await say("banned")
        assert (0, "OK\n", "") == await say("reload")
        assert (0, "OK\n", "") == await say("restart", "--if-exists", "alpha")
        assert (0, "Jail stopped\n", "") == await say("stop", "beta")
        assert "Unexpected argument(s) for reload: ['a', 'b']" in (await say("reload", "a", "b"))[2]
        assert "Server already running" in (await say("start"))[2]
        status, out, err = await say("status", "nosuch")
        assert (255, "Sorry but the jail 'nosuch' does not exist\n") == (status, out)
        assert "ERROR   NOK: ('nosuch',)" in err
        status, out, _ = await say("-c", str(tmp_path), "-t", "version")
        assert (0, "OK: configuration test is successful\n1.1.1\n") == (status, out)
        await server.close()

    with_daemon(tmp_path, dialogue)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    lines: list[str] = []

    def read(prompt: str) -> str:
        assert prompt == "fail2ban> "
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("builtins.input", read)
    return lines  # type: ignore[return-value] # what is going to be typed


def test_commands_are_typed_one_after_the_other(terminal: list[str], tmp_path: Path) -> None:
    terminal += ["help", "", "echo 'unclosed", "status", "quit", "never"]
    status, out, err = typed("-s", str(tmp_path / "s"), "-i")
    assert 0 == status
    assert "status <JAIL> [FLAVOR]" in out
    assert "No closing quotation" in err
    assert "Failed to access socket path" in err
    terminal.clear()
    assert 255 == typed("-s", str(tmp_path / "s"), "-i")[0]
