from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from banish.core.errors import ConfigError
from banish.faces.cli import logfile
from banish.faces.cli.logfile import blocks


def test_a_file_is_read_in_blocks_of_complete_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "BLOCK", 7)
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\n\nthree hundred\nfour\n")
    found = [lines.block for lines in blocks(str(path))]
    assert path.read_bytes() == b"".join(found)
    assert len(found) > 1
    assert all(block.endswith(b"\n") for block in found)


def test_an_unfinished_line_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one\ntw")
    assert [b"one\n"] == [lines.block for lines in blocks(str(path))]
    assert "the last line has no line end" in capsys.readouterr().err


def test_an_empty_file_has_no_blocks(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    assert [] == list(blocks(str(tmp_path / "log")))


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\n")))
    assert [b"one\n"] == [lines.block for lines in blocks("-")]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{tmp_path}: Is a directory; name a log file"):
        list(blocks(str(tmp_path)))


def test_what_has_no_lines_is_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logfile, "LONGEST", 10)
    (tmp_path / "log").write_bytes(b"x" * 20)
    with pytest.raises(ConfigError, match="no line end within 0 MiB"):
        list(blocks(str(tmp_path / "log")))
