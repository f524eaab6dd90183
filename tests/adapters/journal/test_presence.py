"""Whether there is a journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from banish.adapters.journal.presence import has_journal


def test_it_takes_journalctl_and_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "journal").mkdir()
    assert not has_journal([tmp_path / "journal"])
    (tmp_path / "journalctl").touch(mode=0o755)
    assert has_journal([tmp_path / "none", tmp_path / "journal"])
    assert not has_journal([tmp_path / "none"])
