"""The daemon in the foreground: sockets and signals."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from functools import partial
from pathlib import Path

import pytest
from tests.faces.fail2ban.daemons import JAILS, configure

from banish.core.errors import ConfigError
from banish.daemon.configuration import load
from banish.daemon.wiring import Guardian
from banish.faces.control.client import ask
from banish.faces.guarding import guard

pytestmark = pytest.mark.slow


def guarded(directory: Path, sockets: list[Path], steps: list[signal.Signals]) -> list[str]:
    """Run the daemon, send it signals one after the other, and return what it said."""
    said: list[str] = []
    heard = asyncio.Event()

    def say(text: str) -> None:
        said.append(text)
        heard.set()

    async def interrupt() -> None:
        for number in steps:
            heard.clear()
            os.kill(os.getpid(), number)
            if number is signal.SIGHUP:
                await asyncio.wait_for(heard.wait(), 20)

    tasks: list[asyncio.Task[None]] = []

    def ready() -> None:
        said.append("ready")
        tasks.append(asyncio.get_running_loop().create_task(interrupt()))

    make = partial(Guardian, load(str(directory)), dry_run=True, in_process=True)
    asyncio.run(guard(make, sockets, say, ready))
    return said


def test_signals_are_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path)
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    steps = [signal.SIGUSR1, signal.SIGHUP, signal.SIGTERM]
    said = guarded(tmp_path, [tmp_path / "a.sock", tmp_path / "b.sock"], steps)
    assert ["ready", "the configuration was read again"] == said
    assert not (tmp_path / "a.sock").exists()
    assert not (tmp_path / "b.sock").exists()


def test_a_mistake_in_the_configuration_does_not_end_it(tmp_path: Path) -> None:
    configure(tmp_path)

    def ready() -> None:
        (tmp_path / "jail.local").write_text(JAILS.format(tmp_path).replace("maxretry = 2", "maxretry = x"))

    make = partial(Guardian, load(str(tmp_path)), dry_run=True, in_process=True)
    said: list[str] = []

    async def run() -> None:
        heard = asyncio.Event()

        def say(text: str) -> None:
            said.append(text)
            heard.set()

        async def reload_and_stop() -> None:
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.wait_for(heard.wait(), 20)
            answer = await asyncio.to_thread(ask, str(tmp_path / "a.sock"), "status", {})
            said.append(str(len(answer["jails"])))  # type: ignore[index,call-overload,arg-type] # as the server promises
            os.kill(os.getpid(), signal.SIGINT)

        tasks: list[asyncio.Task[None]] = []

        def begin() -> None:
            ready()
            tasks.append(asyncio.get_running_loop().create_task(reload_and_stop()))

        await guard(make, [tmp_path / "a.sock"], say, begin)

    asyncio.run(run())
    assert said[0].startswith("the configuration is as before: ")
    assert "jail.local" in said[0]
    assert ["2"] == said[1:]


def test_a_socket_that_is_taken(tmp_path: Path) -> None:
    configure(tmp_path)
    said: list[str] = []

    async def run(sockets: list[Path]) -> None:
        make = partial(Guardian, load(str(tmp_path)), dry_run=True, in_process=True)
        await guard(make, sockets, said.append, lambda: os.kill(os.getpid(), signal.SIGTERM))

    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "taken"))
        other.listen()
        asyncio.run(run([tmp_path / "a.sock", tmp_path / "taken"]))
        assert 1 == len(said)
        assert said[0].endswith("commands of fail2ban's clients are not heard there")
        with pytest.raises(ConfigError, match="another daemon"):
            asyncio.run(run([tmp_path / "taken", tmp_path / "a.sock"]))
