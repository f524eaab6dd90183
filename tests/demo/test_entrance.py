from __future__ import annotations

import os
from pathlib import Path

import pytest
from demo.errors import UnfitError

from demo import entrance

NEEDED = ("hydra", "ip", "mount", "nft", "rsyslogd", "ssh", "sshd", "stdbuf", "unshare")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs there is, for somebody who is not root."""
    for name in NEEDED:
        program(tmp_path / name, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(entrance, "SYSTEM", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)


def test_missing_programs_are_named_with_the_packages_that_bring_them(programs: Path) -> None:
    (programs / "hydra").unlink()
    (programs / "nft").unlink()
    with pytest.raises(UnfitError, match=r"apt install hydra nftables$"):
        entrance.enter()


def test_without_root_and_without_sudo_it_says_why_not(programs: Path) -> None:
    assert programs.is_dir()
    with pytest.raises(UnfitError, match="only root may do; run it as root, or with sudo"):
        entrance.enter()


def test_a_sudo_that_refuses_ends_it_too(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(programs / "sudo", "exit 1")
    with pytest.raises(UnfitError, match="sudo says no"):
        entrance.enter()
    assert "asking sudo" in capsys.readouterr().out


def test_a_machine_without_namespaces_is_told_apart(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(programs / "unshare", "echo unshare failed: Operation not permitted >&2; exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(UnfitError, match="no namespaces can be made here: unshare failed: Operation not"):
        entrance.enter()
