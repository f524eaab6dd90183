"""A small run, on a real kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.session import EXPERIMENTS

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: it makes namespaces of mounts and network")
def test_it_measures_banish(tmp_path: Path) -> None:
    results = tmp_path / "bench.json"
    only = ["--only", "sshd", "single", "flood"]
    command = [sys.executable, "-m", "bench", "--quick", "--only-banish", f"--results={results}", *only]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert 0 == done.returncode, done.stderr
    assert "lines of an attacked sshd" in done.stdout
    assert "log line → kernel, 99%" in done.stdout
    assert results.exists()
    assert results.with_suffix(".svg").exists()


def test_every_experiment_has_its_line_on_the_page() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    assert [] == [name for name in EXPERIMENTS if f"| `{name}` |" not in page]


def test_a_log_that_is_not_there_is_named() -> None:
    command = [sys.executable, "-m", "bench", "--log", "/no/log"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert 2 == done.returncode
    assert "bench: /no/log: is no file" in done.stderr


def test_without_root_it_says_so() -> None:
    command = [sys.executable, "-m", "bench"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--clear-groups", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert 2 == done.returncode
    assert "run it as root, or with sudo" in done.stderr
