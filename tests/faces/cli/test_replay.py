from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

Banish = Callable[..., tuple[int, str]]

START = 1_700_000_000


def log(path: Path, failures: Iterable[tuple[int, str]]) -> Path:
    """Write failures, each some seconds after the start."""
    path.write_text(
        "".join(
            f"{datetime.fromtimestamp(START + after, UTC):%Y-%m-%dT%H:%M:%SZ} login failed from {address}\n"
            for after, address in failures
        )
    )
    return path


@pytest.fixture
def jails(directory: Path) -> Path:
    (directory / "jail.local").write_text(
        "[web]\nfailregex = ^\\s*login failed from <HOST>$\n[slow]\nenabled = no\n"
    )
    (directory / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^\\s*login failed from <HOST>$\n"
    )
    return directory


def test_programs_get_one_object_for_each_ban(banish: Banish, jails: Path) -> None:
    path = log(jails / "log", [(0, "192.0.2.7"), (1, "192.0.2.8"), (300, "192.0.2.7"), (600, "192.0.2.7")])
    status, text = banish("replay", "-c", jails, path, "--json")
    assert status == 0
    assert [{"jail": "web", "id": "192.0.2.7", "at": START + 600, "until": START + 1200, "failures": 3}] == [
        json.loads(line) for line in text.splitlines()
    ]


def test_the_logs_own_time_ends_bans(banish: Banish, jails: Path) -> None:
    path = log(jails / "log", [(after, "192.0.2.7") for after in (0, 1, 2, 100, 101, 102, 701, 702, 703)])
    _, text = banish("replay", "-c", jails, path, "--json")
    # The second three prolong the first ban to 702; by 703 it has ended.
    assert [START + 2, START + 703] == [json.loads(line)["at"] for line in text.splitlines()]


def test_a_jail_that_is_named_need_not_be_enabled(banish: Banish, jails: Path) -> None:
    path = log(jails / "log", [(after, "192.0.2.7") for after in range(9)])
    _, text = banish("replay", "-c", jails, "--jail", "slow", path, "--json")
    assert ["slow"] == [json.loads(line)["jail"] for line in text.splitlines()]


def test_a_ban_for_good_has_no_end(banish: Banish, jails: Path) -> None:
    (jails / "jail.local").write_text("[web]\nbantime = -1\n")
    path = log(jails / "log", [(after, "192.0.2.7") for after in range(3)])
    _, text = banish("replay", "-c", jails, path, "--json")
    assert json.loads(text)["until"] is None


def test_a_person_reads_a_table(banish: Banish, jails: Path) -> None:
    path = log(jails / "log", [(after, "192.0.2.7") for after in range(4)])
    status, text = banish("replay", "-c", jails, path)
    assert status == 0
    assert "192.0.2.7" in text
    assert text.endswith("4 failures, 1 ban\n")


def test_nobody_is_a_result_too(banish: Banish, jails: Path) -> None:
    assert (0, "0 failures, 0 bans\n") == banish("replay", "-c", jails, log(jails / "log", []))


def test_a_jail_that_is_not_there_is_misuse(banish: Banish, jails: Path) -> None:
    status, text = banish("replay", "-c", jails, "--jail", "none", log(jails / "log", []))
    assert status == 2
    assert "no such jail, or it cannot run: none" in text


def test_no_jail_at_all_is_misuse(banish: Banish, tmp_path: Path) -> None:
    (tmp_path / "jail.conf").write_text("[web]\nenabled = no\n")
    status, text = banish("replay", "-c", tmp_path, log(tmp_path / "log", []))
    assert status == 2
    assert "no jail is enabled; name one with --jail" in text
