"""The sample corpus of Debian's package, with Debian's own filters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from compat.oracle import Oracle

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_every_row_of_the_corpus_is_ours_too(oracle: Oracle) -> None:
    command = [
        sys.executable,
        "-m",
        "compat",
        "corpus",
        "--oracle",
        str(oracle.root),
    ]  # its zone is the process's, so it has its own
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "scripts:."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    counts = re.search(r"(\d+) must match, (\d+) do", done.stdout)
    assert counts is not None
    assert counts[1] == counts[2]
    assert 1100 < int(counts[1])
