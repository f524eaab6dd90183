from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from banish.adapters.surroundings.logins import Login
from banish.adapters.surroundings.processes import Process, Processes
from banish.adapters.surroundings.sshd import SshdSessions
from banish.core.model import Subject

FILTERS = "Seccomp:\t0\nSeccomp_filters:\t0\n"
CONFINED = "Seccomp:\t2\nSeccomp_filters:\t1\n"
LISTENER = (
    "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 {} 1 x\n"
)
CONNECTED = "   1: 0100007F:{:04X} {}:EA98 01 00000000:00000000 00:00000000 00000000     0        0 {} 1 x\n"


class Scene:
    """A process table made of files."""

    def __init__(self, proc: Path) -> None:
        self.proc = proc
        self.now = 0.0
        self.sessions = SshdSessions(proc, lambda: self.now)
        (proc / "net").mkdir(parents=True)
        self.table("")
        self.process(1, "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", sockets=[10])

    def table(self, *connections: str) -> None:
        rows = ("header\n", LISTENER.format(10), *connections)
        (self.proc / "net" / "tcp").write_text("".join(rows))

    def process(
        self,
        pid: int,
        title: str,
        *,
        parent: int = 1,
        uid: str = "0",
        sockets: list[int] | None = None,
        exe: str = "/usr/sbin/sshd",
        comm: str = "sshd",
        filters: str = FILTERS,
    ) -> Path:
        path = self.proc / str(pid)
        (path / "fd").mkdir(parents=True)
        (path / "comm").write_text(f"{comm}\n")
        (path / "exe").symlink_to(exe)
        (path / "cmdline").write_text(f"{title}\0\0\0")
        (path / "status").write_text(f"PPid:\t{parent}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n{filters}")
        (path / "fd" / "0").symlink_to("/dev/null")
        for inode in sockets or []:
            (path / "fd" / str(inode)).symlink_to(f"socket:[{inode}]")
        return path

    def look(self) -> list[Login]:
        self.now += 10
        return sorted(self.sessions.look())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "proc")


def connected(inode: int, *, peer: str = "0B0200C0", port: int = 22) -> str:
    return CONNECTED.format(port, peer, inode)


def login(user: str, pid: int, address: str = "192.0.2.11") -> Login:
    return Login(Subject(address), "over ssh", user, pid)


@pytest.mark.parametrize(
    ("title", "user"),
    [
        ("sshd: anna@pts/0", "anna"),
        ("sshd: anna@pts/0,pts/12", "anna"),
        ("sshd: anna@tty1", "anna"),
        ("sshd: anna@notty", "anna"),
        ("sshd: anna@internal-sftp", "anna"),
        ("sshd: anna", "anna"),
        ("sshd: anna@dom.example@pts/0", "anna@dom.example"),
        ("sshd-session: anna@notty", "anna"),
    ],
)
def test_a_session_is_seen_by_the_title_of_the_users_process(scene: Scene, title: str, user: str) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: anna [priv]", sockets=[20, 21])
    scene.process(3, title, parent=2, uid="1000", sockets=[20, 21])
    assert [login(user, 3)] == scene.look()


@pytest.mark.parametrize(
    "title",
    [
        "sshd: anna [priv]",
        "sshd: anna [net]",
        "sshd: anna [pam]",
        "sshd: anna [preauth]",
        "sshd: unknown [priv]",
        "sshd: [accepted]",
        "sshd: [listener]",
        "/usr/sbin/sshd -D -R",
        "sshd: ",
        "",
    ],
)
def test_whoever_is_still_guessing_is_not_seen(scene: Scene, title: str) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: anna [priv]", sockets=[20])
    scene.process(3, title, parent=2, uid="102", sockets=[20])
    scene.process(4, title, sockets=[20])
    assert scene.look() == []


def test_a_guesser_whose_title_was_cut_off_is_not_seen(scene: Scene) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: a-very-long-name-of-somebody", sockets=[20])
    scene.process(
        3, "sshd: a-very-long-name-of-somebody", parent=2, uid="102", sockets=[20], filters=CONFINED
    )
    assert scene.look() == []


def test_root_is_seen_by_a_process_of_roots(scene: Scene) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: root@pts/0", sockets=[20, 21])
    assert [login("root", 2)] == scene.look()


@pytest.mark.parametrize("exe", ["/usr/sbin/sshd (deleted)", "/usr/lib/openssh/sshd-session"])
def test_sshd_is_known_after_an_upgrade_and_by_its_new_name(scene: Scene, exe: str) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: root@pts/0", sockets=[20], exe=exe, comm="sshd-session")
    assert [login("root", 2)] == scene.look()


def test_a_user_cannot_forge_a_session(scene: Scene) -> None:
    scene.table(connected(20), connected(30))
    shell = scene.process(5, "-bash", uid="1000", comm="bash", exe="/bin/bash")
    scene.process(6, "sshd: root@pts/0", parent=5, uid="1000", sockets=[20])  # sshd, started by himself
    scene.process(7, "sshd: root@pts/0", uid="1000", sockets=[20], exe="/home/anna/fake")
    scene.process(8, "sshd: root@pts/0", uid="0\t1000", sockets=[20])  # a setuid program
    scene.process(9, "sshd: anna@pts/0", parent=77, uid="1000", sockets=[20])  # the parent is gone
    assert shell.is_dir()
    assert scene.look() == []


def test_connections_that_a_user_forwards_are_not_his_login(scene: Scene) -> None:
    scene.table(connected(19, peer="630200C0", port=40_000), connected(20))
    scene.process(2, "sshd: anna [priv]", sockets=[20])
    scene.process(3, "sshd: anna@pts/0", parent=2, uid="1000", sockets=[19, 20])
    assert [login("anna", 3)] == scene.look()


def test_connections_that_root_forwards_are_not_roots_login(scene: Scene) -> None:
    reverse = LISTENER.format(23).replace(":0016", ":1000")
    scene.table(
        connected(18, peer="630200C0", port=0x1000),
        connected(19, peer="630200C0", port=9),
        connected(20),
        reverse,
    )
    scene.process(2, "sshd: root@pts/0", sockets=[18, 19, 20, 23])
    assert [login("root", 2)] == scene.look()


def test_a_session_without_a_connection_spares_nobody(scene: Scene) -> None:
    scene.process(2, "sshd: root@pts/0", sockets=[20])
    assert scene.look() == []


def test_a_known_session_needs_no_second_look_at_the_connections(scene: Scene) -> None:
    scene.table(connected(20))
    scene.process(2, "sshd: root@pts/0", sockets=[20])
    scene.look()
    scene.table("")
    assert [login("root", 2)] == scene.look()


def test_a_session_that_ended_is_not_seen_again(scene: Scene) -> None:
    scene.table(connected(20))
    path = scene.process(2, "sshd: root@pts/0", sockets=[20])
    assert [login("root", 2)] == scene.look()
    shutil.rmtree(path)
    assert scene.look() == []


class Blinded(Processes):
    """Processes of which one may not be looked at."""

    def sshd(self, pid: int) -> Process | None:
        if pid == 4:
            raise PermissionError(pid)
        return super().sshd(pid)


def test_a_process_that_may_not_be_looked_at_hides_no_other(scene: Scene) -> None:
    scene.table(connected(20))
    for pid in range(2, 7):
        scene.process(pid, "sshd: root@pts/0", sockets=[20])
    scene.sessions._processes = Blinded(scene.proc, lambda: 0.0)
    looking = scene.sessions.look()
    assert {next(looking).pid for _ in range(4)} == {2, 3, 5, 6}
    with pytest.raises(PermissionError):
        next(looking)


@pytest.mark.root
@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="sshd becomes other users, which takes root")
@pytest.mark.skipif(not Path("/usr/sbin/sshd").exists(), reason="no sshd here")
def test_a_real_sshd_is_read_as_it_is() -> None:
    scene = Path(__file__).with_name("scene.py")
    namespaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    result = subprocess.run(
        [*namespaces, sys.executable, scene],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.stderr == ""
    seen, titles, is_empty_after_logout = map(json.loads, result.stdout.splitlines())
    expected = {
        "127.0.0.2": "anna",
        "127.0.0.3": "root",
        "127.0.0.4": "anna",
        "127.0.0.7": "root",
        "::1": "anna",
    }
    assert expected == seen, titles
    assert {"sshd: [accepted]", "sshd: anna [net]"} <= {*titles}  # the strangers were there all along
    assert is_empty_after_logout
