"""Settings of the server that clients ask for and change."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from banish.compat.commands.faults import CommandError
from banish.compat.frames import Value
from banish.core.config import ServerConfig
from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.daemon.household import Household
from banish.daemon.journaling import Journaling


def household(
    server: ServerConfig, stops: list[str] | None = None, log: Journaling | None = None
) -> Household:
    log = log or Journaling(server.logtarget, server.loglevel, UTC, Instant(0))
    said = [] if stops is None else stops
    return Household(
        server,
        log,
        lambda: said.append("stop"),
        lambda jail: [f"/log/{jail}"],
        lambda age, matches: said.append(f"{age:g} {matches}"),
    )


@pytest.mark.parametrize(
    ("name", "value", "without"),
    [
        ("loglevel", "INFO", "INFO"),
        ("logtarget", "STDOUT", "STDOUT"),
        ("syslogsocket", "auto", "auto"),
        ("dbfile", "/var/lib/banish/banish.sqlite3", None),
        ("dbmaxmatches", 10, None),
        ("dbpurgeage", 86400, None),
        ("allowipv6", "auto", "auto"),
        ("thread", {"stacksize": 0}, {"stacksize": 0}),
    ],
)
def test_settings_are_told_with_a_database_and_without(name: str, value: Value, without: Value) -> None:
    assert value == household(ServerConfig()).get(name)
    assert without == household(ServerConfig(dbfile=None)).get(name)


def test_the_log_goes_elsewhere(tmp_path: Path) -> None:
    log = Journaling("STDOUT", "INFO", UTC, Instant(0))
    house = household(ServerConfig(), log=log)
    house.set("logtarget", f"{tmp_path}/log")
    house.set("loglevel", "5")
    assert f"{tmp_path}/log" == house.get("logtarget")
    assert "5" == house.get("loglevel")
    assert "rolled over" == house.flush()
    log.close()


def test_the_database_is_bounded_at_once() -> None:
    said: list[str] = []
    house = household(ServerConfig(), said)
    house.set("dbpurgeage", "2d")
    house.set("dbmaxmatches", "3")
    assert (172800, 3) == (house.get("dbpurgeage"), house.get("dbmaxmatches"))
    assert ["172800 10", "172800 3"] == said
    with pytest.raises(ConfigError, match="whole number"):
        house.set("dbmaxmatches", "many")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("loglevel", "bogus", "Invalid log level 'bogus'"),
        ("logtarget", "/nonexistent/log", "Failed to change log target"),
        (
            "dbfile",
            "/elsewhere",
            "dbfile is changed in fail2ban.local or banish.conf, and taken over by a restart",
        ),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(name: str, value: str, text: str) -> None:
    house = household(ServerConfig())
    before = house.get(name)
    with pytest.raises(CommandError) as caught:
        house.set(name, value)
    assert text == str(caught.value)
    assert before == house.get(name)


def test_a_setting_may_be_set_to_what_it_is() -> None:
    house = household(ServerConfig())
    house.set("dbmaxmatches", "10")
    assert house.get("dbmaxmatches") == 10


def test_it_stops_and_names_files() -> None:
    stops: list[str] = []
    house = household(ServerConfig(), stops)
    house.stop()
    assert ["stop"] == stops
    assert ["/log/j"] == house.files("j")
