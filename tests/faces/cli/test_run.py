from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Banish = Callable[..., tuple[int, str]]


def test_failures_lead_to_a_ban_and_fail2bans_log_lines(daemon: Any) -> None:
    daemon.fail("233.252.0.60")
    line = daemon.heard("banned", "jail=web", "address=233.252.0.60")
    assert "failures=3" in line
    lines = (daemon.directory / "fail2ban.log").read_text()
    assert 1 == lines.count("[web] Ban 233.252.0.60")
    assert 3 == lines.count("[web] Found 233.252.0.60")


def test_a_daemon_stops_in_order(daemon: Any) -> None:
    assert 0 == daemon.stop()
    assert not daemon.socket.exists()


def test_a_second_daemon_does_not_start(daemon: Any, banish: Banish) -> None:
    status, text = banish("run", "--dry-run", "-c", daemon.directory)
    assert status == 2
    assert "another daemon listens there; stop it first" in text


def test_no_jail_is_nothing_to_guard(banish: Banish, tmp_path: Path) -> None:
    (tmp_path / "jail.conf").write_text("[web]\nenabled = false\n")
    status, text = banish("run", "--dry-run", "-c", tmp_path)
    assert status == 1
    assert "nothing to guard" in text


def test_a_jail_with_a_mistake_is_told_and_left_out(banish: Banish, directory: Path) -> None:
    (directory / "jail.local").write_text("[web]\nfindtime = soon\n[slow]\nmaxretry = often\n")
    status, text = banish("run", "--dry-run", "-c", directory)
    assert status == 1
    assert 'jail.local:2 [web] findtime = "soon"' in text
    assert 'jail.local:4 [slow] maxretry = "often"' in text


def test_a_missing_directory_is_misuse(banish: Banish, tmp_path: Path) -> None:
    status, text = banish("run", "-c", tmp_path / "none")
    assert status == 2
    assert "no such directory" in text
