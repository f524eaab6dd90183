from __future__ import annotations

from pathlib import Path

from bench.home import Home, every_jail
from bench.peer import Peer

JAILS = "[INCLUDES]\nbefore = x\n[DEFAULT]\nport = 0\n[sshd]\n[pass2allow-ftp]\n[web]\nlogpath = %(x)s\n"


def peer(root: Path) -> Peer:
    (root / "etc/fail2ban").mkdir(parents=True)
    (root / "etc/fail2ban/jail.conf").write_text(JAILS)
    return Peer(root)


def test_its_jails_are_those_of_its_tree(tmp_path: Path) -> None:
    assert ["sshd", "pass2allow-ftp", "web"] == peer(tmp_path).jails()


def test_every_jail_but_one_that_lets_in_is_enabled_on_a_log_that_is_there(tmp_path: Path) -> None:
    there = peer(tmp_path)
    home = Home(tmp_path / "home", there, every_jail(there))
    written = (home.tree / "jail.local").read_text()
    assert ["[DEFAULT]", "[sshd]", "[web]"] == [line for line in written.splitlines() if line.startswith("[")]
    assert written.count(f"logpath = {home.other}\n") == 1
    assert home.other.exists()
