from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from banish.core.model import Cursor, Lines
from banish.faces.cli.progress import Progress

ERASE = "\r\x1b[K"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def blocks(*ends: int) -> Iterator[Lines]:
    return (Lines("log", b"", Cursor("log", str(end)), live=False) for end in ends)


def told(log: str, ends: tuple[int, ...], *times: float) -> list[str]:
    """Return what is told while blocks are read, at these times."""
    clock = iter(times)
    out = io.StringIO()
    list(Progress(log, out, lambda: next(clock)).watch(blocks(*ends)))
    return out.getvalue().split(ERASE)


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "log"
    path.write_bytes(b"x" * 4_000_000)
    return str(path)


def test_bytes_rate_and_rest_are_told(log: str) -> None:
    assert ["", "25%  1.0 of 4.0 MB, 0.5 MB/s, 6s left", ""] == told(log, (1_000_000, 2_000_000), 0, 0.1, 2)


def test_what_has_no_end_has_no_rest() -> None:
    assert ["", "1.0 MB read, 0.5 MB/s", ""] == told("-", (1_000_000, 2_000_000), 0, 0.1, 2)


def test_nothing_read_means_no_guess(log: str) -> None:
    assert ["", "0%  0.0 of 4.0 MB, 0.0 MB/s", ""] == told(log, (1_000_000,), 0, 2)


def test_who_is_quick_sees_nothing(log: str) -> None:
    assert [""] == told(log, (1_000_000, 2_000_000), 0, 0.1, 0.4)


@pytest.mark.parametrize(
    ("is_wanted", "errors", "output", "is_json"),
    [
        (True, Terminal(), Terminal(), False),
        (True, Terminal(), io.StringIO(), True),
        (False, Terminal(), Terminal(), True),
        (False, io.StringIO(), Terminal(), False),
    ],
)
def test_progress_is_for_a_terminal_on_which_nothing_else_runs(
    monkeypatch: pytest.MonkeyPatch,
    errors: io.StringIO,
    output: io.StringIO,
    *,
    is_wanted: bool,
    is_json: bool,
) -> None:
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(sys, "stdout", output)
    assert is_wanted == (Progress.of("-", is_json=is_json) is not None)
