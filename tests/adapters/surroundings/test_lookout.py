from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from banish.adapters.surroundings.logins import _LAYOUTS
from banish.adapters.surroundings.lookout import MACHINE_SECONDS, SESSIONS_SECONDS, Lookout
from banish.core.model import Subject


class World:
    """Directories in place of the system's, a clock, and what was reported."""

    def __init__(self, root: Path) -> None:
        self.proc, self.run, self.etc = (root / name for name in ("proc", "run", "etc"))
        self.now = 0.0
        self.reports: list[str] = []
        (self.proc / "5").mkdir(parents=True)
        (self.run / "systemd" / "sessions").mkdir(parents=True)
        self.etc.mkdir()
        self.lookout = Lookout(
            self.reports.append, proc=self.proc, run=self.run, etc=self.etc, clock=lambda: self.now
        )

    def session(self, address: str) -> None:
        text = f"USER=anna\nREMOTE=1\nREMOTE_HOST={address}\nSERVICE=sshd\nLEADER={os.getpid()}\n"
        (self.run / "systemd" / "sessions" / "1").write_text(text)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_everybody_who_must_not_be_banned_is_named_with_the_reason(world: World) -> None:
    world.session("192.0.2.7")
    (world.etc / "resolv.conf").write_text("nameserver 192.0.2.53\n")
    address = socket.inet_pton(socket.AF_INET, "192.0.2.8") + bytes(12)
    (world.run / "utmp").write_bytes(
        _LAYOUTS[0].pack(7, os.getpid(), b"pts/1", b"", b"bert", b"", 0, 0, 0, 0, 0, address)
    )
    reasons = world.lookout.look()
    assert reasons[Subject("192.0.2.7")] == f"logged in over sshd as anna (pid {os.getpid()})"
    assert reasons[Subject("192.0.2.8")] == f"logged in on pts/1 as bert (pid {os.getpid()})"
    assert reasons[Subject("192.0.2.53")] == "name server of this machine"
    assert reasons[Subject("127.0.0.1")] == "address of lo of this machine"
    assert world.reports == []


def test_a_session_is_looked_for_again_when_the_answer_is_too_old(world: World) -> None:
    world.lookout.look()
    world.session("192.0.2.7")
    world.now = SESSIONS_SECONDS / 2
    assert "192.0.2.7" not in world.lookout.look()
    world.now = SESSIONS_SECONDS
    assert "192.0.2.7" in world.lookout.look()


def test_the_machine_itself_is_looked_at_less_often(world: World) -> None:
    world.lookout.look()
    (world.etc / "resolv.conf").write_text("nameserver 192.0.2.53\n")
    world.now = MACHINE_SECONDS / 2
    assert "192.0.2.53" not in world.lookout.look()
    world.now = MACHINE_SECONDS
    assert "192.0.2.53" in world.lookout.look()


def test_what_this_machine_is_weighs_more_than_who_is_logged_in(world: World) -> None:
    world.session("127.0.0.1")
    assert "address of lo" in world.lookout.look()[Subject("127.0.0.1")]


def test_a_source_that_cannot_be_read_is_named_once_and_left_out(world: World) -> None:
    world.session("192.0.2.7")
    shutil.rmtree(world.proc)
    world.proc.touch()
    for _ in range(3):
        world.now += 10
        assert "127.0.0.1" in world.lookout.look()
    (report,) = world.reports
    assert report.startswith("sessions of sshd cannot be read (")


def test_this_machine_can_be_looked_at() -> None:
    reports: list[str] = []
    assert "127.0.0.1" in Lookout(reports.append).look()
    assert reports == []
