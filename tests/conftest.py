"""Tests read the sources as they are; programs they start are the installed ones, which are compiled."""

from __future__ import annotations

import filecmp
import sys
import sysconfig
from pathlib import Path

import pytest

from banish.core import engine

ROOT = Path(__file__).parents[1]

sys.path.append(str(ROOT / "scripts"))  # its generator of filters and logs serves tests of the package, too


def pytest_sessionstart() -> None:
    """Stop if the programs that tests start are not made of these sources."""
    source, installed = ROOT / "src" / "banish", Path(sysconfig.get_path("purelib")) / "banish"
    names = [str(path.relative_to(source)) for path in source.rglob("*.py")]
    _, different, missing = filecmp.cmpfiles(source, installed, names, shallow=False)
    if different or missing:
        name = [*different, *missing][0]
        pytest.exit(f"{installed / name} is not as in src: run `make test`, or `scripts/setup test`", 2)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Patch what is inside modules of the core, which compiled ones do not allow."""
    if not str(engine.__file__).endswith(".py"):
        pytest.skip("looks inside what is compiled")
    return monkeypatch
