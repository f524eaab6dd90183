"""Annotated samples become logs, one for each filter and its options."""

from __future__ import annotations

from pathlib import Path

import pytest
from compat.samples import Group, Sample, groups

FILE = """\
# filterOptions: [{}, {"mode": "all"}]
# failJSON: { "match": true , "time": null }
a line
# a remark

not a line that matches
# failJSON: { "match": true , "constraint": "opts.get('mode') == 'all'" }
# a line all the same
# filterOptions: {"logtype": "journal", "test.prefix-line": "srv: ", "test.condition": "name == 'web'"}
# addFILE: "more"
# failJSON: { "match": false }
in the journal
# filterOptions: {"x": "y", "test.condition": "name != 'web'"}
never
"""


def read(folder: Path, **files: str) -> list[Group]:
    filters = folder / "tree/filter.d"
    filters.mkdir(parents=True)
    (filters / "web.conf").touch()
    logs = folder / "logs"
    logs.mkdir()
    for name, text in files.items():
        (logs / name).write_text(text)
    return list(groups(logs, folder / "tree"))


def test_every_set_of_options_has_its_lines(tmp_path: Path) -> None:
    plain, everything, journal = read(tmp_path, web=FILE, more='# fileOptions: {"a": "b"}\nand more\n')
    first, second = Sample("a line", matches=True), Sample("not a line that matches", matches=False)
    assert [first, second, Sample("and more", matches=False)] == plain.samples
    assert [first, second, Sample("# a line all the same", matches=True)] == everything.samples
    assert (1, 2) == (plain.expected, everything.expected)
    assert 'web[mode="all"]' == everything.case().call
    assert [b"2025-12-31T23:30:00 srv: in the journal"] == journal.case().lines
    assert journal.case().datepattern.startswith("^")


def test_without_options_the_filter_has_none(tmp_path: Path) -> None:
    (group,) = read(tmp_path, web="x\n", other="y\n")
    assert "web" == group.case().call
    assert b"x\n" == group.case().log


def test_a_new_kind_of_condition_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of a new kind"):
        read(tmp_path, web='# filterOptions: {"test.condition": "1 == 1"}\nx\n')
