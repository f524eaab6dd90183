"""The default jails and settings, as they are and as an operator changes them."""

import pytest

from banish.adapters.tree import DEFAULTS, DirectoryFiles, services
from banish.compat.files import MemoryFiles, Overlay
from banish.compat.jails import read
from banish.core.config import Config, LogPath, Scope, ServerConfig, Severity, UseDns


def config(path: str = "jail.local", text: str = "") -> Config:
    """Return what an operator gets who has written one file."""
    reading = read(Overlay(MemoryFiles({path: text}), DirectoryFiles(DEFAULTS)), services())
    assert [] == [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    return reading.config


def test_ssh_is_guarded_with_nothing_said() -> None:
    (jail,) = config().jails
    assert ("sshd", "sshd", "auto") == (jail.name, jail.filter, jail.backend)
    assert (5, 5, 600, 600) == (jail.maxretry, jail.maxmatches, int(jail.findtime), int(jail.bantime))
    assert ((LogPath("/var/log/auth.log"),), UseDns.WARN, ()) == (jail.logpaths, jail.usedns, jail.ignoreip)
    assert (Scope("tcp", ((22, 22),)),) == jail.scopes
    assert ServerConfig(logtarget="/var/log/banish.log") == config().server


@pytest.mark.parametrize("path", ["paths-overrides.local", "paths-debian.local", "paths-common.local"])
@pytest.mark.parametrize("key", ["sshd_log", "syslog_authpriv"])
def test_another_system_needs_another_path_only(path: str, key: str) -> None:
    text = f"[DEFAULT]\n{key} = /var/log/secure\nsshd_backend = polling\n"
    (jail,) = config(path, text).jails
    wanted = "auth.log" if (path, key) == ("paths-common.local", "syslog_authpriv") else "secure"
    assert (LogPath(f"/var/log/{wanted}"),) == jail.logpaths
    assert "polling" == jail.backend


def test_a_jail_follows_what_holds_for_all() -> None:
    (usual,) = config().jails
    (jail,) = config(text="[DEFAULT]\nmaxretry = 3\nmode = ddos\nport = 1\n").jails
    assert (3, 3) == (jail.maxretry, jail.maxmatches)
    assert len(usual.failregex) < len(jail.failregex)
    assert usual.scopes == jail.scopes


def test_a_jail_of_the_operators_cuts_every_port_of_tcp() -> None:
    text = "[sshd]\nenabled = no\n[web]\nenabled = yes\nfilter =\nfailregex = ^<ADDR>$\nlogpath = /x\n"
    (jail,) = config(text=text).jails
    assert (Scope("tcp"),) == jail.scopes


def test_one_word_cuts_everything() -> None:
    (jail,) = config(text="[sshd]\naction = %(banaction_allports)s\n").jails
    assert (Scope(),) == jail.scopes


def test_settings_of_the_server_are_changed_one_by_one() -> None:
    server = config("fail2ban.local", "[Definition]\nbans_on_stop = remove\ndbpurgeage = 1w\n").server
    assert ("remove", 604800, 10) == (server.bans_on_stop, int(server.dbpurgeage), server.dbmaxmatches)
