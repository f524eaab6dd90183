"""fail2ban's protocol, spoken."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import Client, with_daemon

from banish.compat.frames import CLOSE, TERMINATOR
from banish.faces.control.server import ControlServer
from banish.faces.fail2ban.wire import WireTalk, is_wire

pytestmark = pytest.mark.slow


def said(payload: bytes) -> object:
    assert payload.endswith(TERMINATOR)
    return pickle.loads(payload.removesuffix(TERMINATOR))


@pytest.mark.parametrize("protocol", range(6))
def test_the_first_bytes_tell_the_language(protocol: int) -> None:
    assert is_wire(pickle.dumps(["ping"], protocol))
    assert is_wire(CLOSE)
    assert not is_wire(b'{"verb": "status"}\n')


def test_requests_are_answered_in_their_order(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        talk = WireTalk(client.transmitter, may_change=True)
        stream = b"".join(
            pickle.dumps(words) + TERMINATOR for words in (["ping"], ["version"], ["status", "nosuch"])
        )
        replies = [await talk.reply(each) for each in talk.feed(stream + b"garbage" + TERMINATOR)]
        assert (0, "pong") == said(replies[0] or b"")
        assert (0, "1.1.1") == said(replies[1] or b"")
        assert b"UnknownJailException" in (replies[2] or b"")
        assert "ERROR: the message makes no sense at byte 0, operation b'g'" == said(replies[3] or b"")
        assert await talk.reply(CLOSE) is None

    with_daemon(tmp_path, dialogue)


def test_who_may_only_ask_changes_nothing(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        talk = WireTalk(client.transmitter, may_change=False)
        assert b"Jail list" in (await talk.reply(pickle.dumps(["status"])) or b"")
        for words in (["stop"], ["set", "alpha", "banip", "192.0.2.11"], [], [["get"]], "get"):
            assert b"Permission denied" in (await talk.reply(pickle.dumps(words)) or b"")
        assert [] == client.guardian.jailer.banned("alpha")

    with_daemon(tmp_path, dialogue)


def test_both_languages_are_understood_on_one_socket(tmp_path: Path) -> None:
    async def dialogue(client: Client) -> None:
        path = tmp_path / "socket"
        server = ControlServer(client.guardian.control, path, client.transmitter)
        await server.open()
        reader, writer = await asyncio.open_unix_connection(str(path))
        for byte in pickle.dumps(["ping"]) + TERMINATOR:
            writer.write(bytes([byte]))
            await writer.drain()
        assert (0, "pong") == said(await reader.readuntil(TERMINATOR))
        writer.write(CLOSE + TERMINATOR)
        assert b"" == await reader.read()
        writer.close()
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b'{"verb": "exemptions"}\n')
        assert b'{"answer": []}\n' == await reader.readline()
        writer.close()
        await server.close()

    with_daemon(tmp_path, dialogue)


def test_the_client_of_fail2ban_is_understood(tmp_path: Path) -> None:
    """Needs fail2ban's own client: an unpacked package in FAIL2BAN, or one that is installed."""
    root = Path(os.environ.get("FAIL2BAN", "").split(":")[0] or "/")
    program = root / "usr/bin/fail2ban-client"
    python = shutil.which("python3", path="/usr/bin") or "python3"
    if not program.is_file():
        pytest.skip("there is no fail2ban-client of fail2ban's; name an unpacked package in FAIL2BAN")
    environment = {**os.environ, "PYTHONPATH": str(root / "usr/lib/python3/dist-packages")}
    options = [python, str(program), "-c", str(tmp_path), "-s", str(tmp_path / "socket"), "-p", "/dev/null"]
    options += ["--loglevel", "INFO", "--logtarget", "STDOUT", "--syslogsocket", "auto"]

    async def dialogue(client: Client) -> None:
        server = ControlServer(client.guardian.control, tmp_path / "socket", client.transmitter)
        await server.open()

        async def typed(*words: str) -> str:
            run = await asyncio.create_subprocess_exec(
                *options, *words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            out, _ = await run.communicate()
            return f"{out.decode().strip()} [{run.returncode}]"

        assert "Server replied: pong [0]" == await typed("ping")
        assert "1 [0]" == await typed("set", "alpha", "banip", "192.0.2.11")
        assert "192.0.2.11 [0]" == await typed("get", "alpha", "banip")
        assert "Sorry but the jail 'nosuch' does not exist [255]" == await typed("status", "nosuch")
        assert "Sorry but the command is invalid [255]" == await typed("get", "alpha")
        assert "The jail 'alpha' already exists [255]" == await typed("add", "alpha")
        assert "OK [0]" == await typed("reload")
        assert (
            "Banned IP list:\t192.0.2.11 [0]"
            == (await typed("status", "alpha"))[-len("Banned IP list:\t192.0.2.11 [0]") :]
        )
        await server.close()

    with_daemon(tmp_path, dialogue)
