"""All of it, a tenth as large, on a real kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it makes namespaces of mounts and network")
def test_it_measures_banish(tmp_path: Path) -> None:
    results = tmp_path / "bench.json"
    command = [sys.executable, "-m", "bench", "--quick", "--only-banish", f"--results={results}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert 0 == done.returncode, done.stderr
    assert "log line → kernel, 99%" in done.stdout
    assert results.exists()


def test_without_root_it_says_so() -> None:
    command = [sys.executable, "-m", "bench"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--clear-groups", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert 2 == done.returncode
    assert "run it as root, or with sudo" in done.stderr
