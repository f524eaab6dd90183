from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]
Asking = Callable[..., tuple[int, list[Any]]]


def test_a_running_daemon_tells_what_it_guards(asking: Asking) -> None:
    status, [answer] = asking("status")
    assert status == 0
    assert ["web", "slow"] == [jail["name"] for jail in answer["jails"]]
    assert answer["is_saved"]


def test_a_person_reads_a_table(banish: Banish, shared_daemon: Any) -> None:
    status, text = banish("status", "-s", shared_daemon.socket)
    assert status == 0
    assert "guards this machine since" in text
    assert str(shared_daemon.log) in text


def test_no_daemon_is_a_negative_answer(banish: Banish, tmp_path: Path) -> None:
    status, text = banish("status", "-s", tmp_path / "none")
    assert status == 1
    assert f"no daemon listens on {tmp_path}/none; start it with banish run" in text


def test_no_daemon_is_null_for_programs(banish: Banish, tmp_path: Path) -> None:
    status, text = banish("status", "--json", "-s", tmp_path / "none")
    assert status == 1
    assert "null" in text.splitlines()
