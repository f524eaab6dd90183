"""The kernel's firewall as an ordinary user has it: in a user namespace of one's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOTLESS = ["unshare", "--user", "--map-root-user", "--net"]
_INSIDE = "BANISH_TEST_INSIDE"


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.skipif(_INSIDE in os.environ, reason="this is the run inside")
def test_the_suite_passes_for_an_ordinary_user() -> None:
    trial = subprocess.run([*_ROOTLESS, "true"], check=False, capture_output=True, text=True)
    if trial.returncode != 0:
        pytest.skip(f"user namespaces are not to be had here: {trial.stderr.strip()}")
    here = Path(__file__).parent
    run = subprocess.run(
        [*_ROOTLESS, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", str(here)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, _INSIDE: "1"},
    )
    assert run.returncode == 0, run.stdout
    assert "needs root" not in run.stdout, run.stdout
