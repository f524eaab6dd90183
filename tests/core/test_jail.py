"""What a jail keeps when its configuration changes."""

from __future__ import annotations

from dataclasses import replace

from banish.core.config import IgnoreCache, JailConfig
from banish.core.jail import Jail, JailStatus
from banish.core.model import NEVER, Evidence, Hit, Instant, Resolve, Seconds, Subject
from banish.core.subject import AddressSet

ANNA = Subject("192.0.2.1")
CONFIG = JailConfig("sshd", maxretry=5, findtime=Seconds(600), ignoreip=("a.example",))


def busy() -> Jail:
    jail = Jail(CONFIG)
    jail.windows.add(ANNA, Evidence(Instant(0), 0, ()))
    jail.bans.put(ANNA, NEVER)
    jail.failures, jail.banned = 7, 2
    return jail


def test_the_figures_of_a_jail() -> None:
    assert JailStatus("sshd", failing=1, failures=7, banned=1, bans=2) == busy().status()


def test_failures_stay_if_they_are_counted_the_same_way() -> None:
    jail = busy()
    jail.reconfigure(replace(CONFIG, bantime=Seconds(3600)))
    assert JailStatus("sshd", failing=1, failures=7, banned=1, bans=2) == jail.status()


def test_failures_counted_otherwise_begin_anew_and_bans_stay() -> None:
    jail = busy()
    jail.reconfigure(replace(CONFIG, findtime=Seconds(60)))
    assert JailStatus("sshd", failing=0, failures=7, banned=1, bans=2) == jail.status()


def test_what_is_known_of_names_stays() -> None:
    jail = busy()
    jail.exempt.answered(Resolve("a.example"), AddressSet([ANNA]))
    jail.reconfigure(replace(CONFIG, ignoreself=False))
    assert "dns" == jail.exempt.reason(ANNA, AddressSet([ANNA]))


def test_verdicts_are_forgotten_if_another_command_is_to_be_asked() -> None:
    hit = Hit("sshd", ANNA, Instant(0), 0)
    cache = IgnoreCache(lambda each: each.subject)
    jail = Jail(replace(CONFIG, ignorecommand="/bin/known", ignorecache=cache))
    jail.remember(hit, Instant(0), is_known=True)
    jail.reconfigure(replace(jail.config, bantime=Seconds(60)))
    assert jail.verdict(hit, Instant(1))
    jail.reconfigure(replace(jail.config, ignorecommand="/bin/other"))
    assert jail.verdict(hit, Instant(1)) is None


def test_without_a_cache_nothing_is_remembered() -> None:
    jail = Jail(CONFIG)
    jail.remember(Hit("sshd", ANNA, Instant(0), 0), Instant(0), is_known=True)
    assert jail.verdict(Hit("sshd", ANNA, Instant(0), 0), Instant(0)) is None
