"""A case is unpacked for both programs, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

from compat.case import Case


def test_a_filter_of_its_own_has_a_directory_of_its_own(tmp_path: Path) -> None:
    case = Case("x", b"a\n\xff\n", definition="[Definition]\n")
    with case.unpacked(tmp_path) as (tree, log):
        assert b"a\n\xff\n" == log.read_bytes()
        assert "[Definition]\n" == (tree / "filter.d/case.conf").read_text()
    assert not tree.exists()


def test_a_filter_of_the_stock_comes_without_its_jail(tmp_path: Path) -> None:
    (tmp_path / "filter.d").mkdir()
    (tmp_path / "filter.d/x.conf").touch()
    (tmp_path / "jail.conf").touch()
    with Case("x", b"", call="x").unpacked(tmp_path) as (tree, _):
        assert (tree / "filter.d/x.conf").exists()
        assert not (tree / "jail.conf").exists()
    assert (tmp_path / "filter.d/x.conf").exists()


def test_lines_come_back() -> None:
    case = Case("x", b"a\n\nb\n")
    assert [b"a", b"", b"b"] == case.lines
    assert case == case.with_lines(case.lines)


def test_failures_of_several_lines_are_told_apart() -> None:
    assert Case("x", b"").is_joined
    assert Case("x", b"", definition="maxlines = 3").is_joined
    assert not Case("x", b"", definition="failregex = a").is_joined
