from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from banish.faces.cli import progress

Banish = Callable[..., tuple[int, str]]

LOG = """\
2023-11-14T22:13:20Z login failed from 192.0.2.7
2023-11-14T22:13:21Z hello
2023-11-14T22:13:22Z login failed from 2001:DB8::7
"""


@pytest.fixture
def filters(tmp_path: Path) -> Path:
    (tmp_path / "filter.d").mkdir()
    (tmp_path / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^\\s*<verb> failed from <HOST>$\n[Init]\nverb = login\n"
    )
    (tmp_path / "filter.d" / "story.conf").write_text(
        "[Definition]\nprefregex = ^\\s*<F-MLFID>c\\d+</F-MLFID> <F-CONTENT>.*</F-CONTENT>$\n"
        "failregex = ^<F-NOFAIL>open</F-NOFAIL> <HOST>$\n ^bad <F-USER>\\w+</F-USER>$\n"
    )
    (tmp_path / "log").write_text(LOG)
    return tmp_path


def test_programs_get_one_object_for_each_matching_line(banish: Banish, filters: Path) -> None:
    status, text = banish("try", "-c", filters, filters / "log", "web", "--json")
    assert status == 0
    assert [
        {
            "line": 1,
            "filter": "web",
            "regex": 1,
            "id": "192.0.2.7",
            "time": 1_700_000_000,
            "text": "2023-11-14T22:13:20Z login failed from 192.0.2.7",
            "fields": {"ip4": "192.0.2.7"},
        },
        {
            "line": 3,
            "filter": "web",
            "regex": 1,
            "id": "2001:db8::7",
            "time": 1_700_000_002,
            "text": "2023-11-14T22:13:22Z login failed from 2001:DB8::7",
            "fields": {"ip6": "2001:DB8::7"},
        },
    ] == [json.loads(line) for line in text.splitlines()]


def test_a_person_reads_whom_each_line_blames_and_how_many_match(banish: Banish, filters: Path) -> None:
    status, text = banish("try", "-c", filters, filters / "log", "web")
    assert status == 0
    assert "1: web #1 192.0.2.7  2023-11-14T22:13:20Z login failed from 192.0.2.7" in text
    assert "web: 2 of 3 lines match\n" in text
    assert "       2         1  #1   ^\\s*login failed from <HOST>$\n" in text


def test_no_match_is_a_negative_answer(banish: Banish, filters: Path) -> None:
    status, text = banish("try", "-c", filters, filters / "log", "web[verb=logout]")
    assert status == 1
    assert text.startswith("web: 0 of 3 lines match\n")


def test_few_lines_of_each_expression_are_printed_unless_more_are_wanted(
    banish: Banish, filters: Path
) -> None:
    (filters / "log").write_text(LOG * 3)
    for option, count in (((), 3), (("--matches", "1"), 1), (("--matches", "all"), 6), (("--matches", 0), 0)):
        _, text = banish("try", "-c", filters, *option, filters / "log", "web")
        assert count == text.count(": web #1 ")
        assert "web: 6 of 9 lines match" in text


def test_lines_that_do_not_match_are_counted_by_shape(banish: Banish, filters: Path) -> None:
    _, text = banish("try", "-c", filters, filters / "log", "web")
    shapes = "1 line that no failregex matches\n   lines  first at  shape\n       1         2  <date> hello\n"
    assert shapes in text
    command = f"banish try -c {filters} --explain 2 {filters / 'log'} web"
    assert text.endswith(f"why line 2 does not match: {command}\n")


def test_without_misses_only_matches_are_told(banish: Banish, filters: Path) -> None:
    _, text = banish("try", "-c", filters, filters / "log", "web", "--misses", "0")
    assert "1: web #1 192.0.2.7" in text
    assert text.endswith("#1   ^\\s*login failed from <HOST>$\n")
    assert "shape" not in text


def test_lines_without_a_date_are_told(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text(LOG + "hello\nhello\n")
    _, text = banish("try", "-c", filters, filters / "log", "web")
    assert "no date is found in 2 lines, the first is line 4; each has the time of the line before" in text
    (filters / "filter.d" / "web.local").write_text("[Definition]\ndatepattern = {NONE}\n")
    _, text = banish("try", "-c", filters, filters / "log", "web")
    assert "no date" not in text


def test_a_host_name_is_marked_as_one(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text("2023-11-14T22:13:20Z login failed from a.example\n")
    assert "1: web #1 a.example ?  2023" in banish("try", "-c", filters, filters / "log", "web")[1]


def test_a_filter_without_expressions_is_told(banish: Banish, filters: Path) -> None:
    (filters / "filter.d" / "empty.conf").write_text("[Definition]\nfailregex =\n")
    assert "has no failregex" in banish("try", "-c", filters, filters / "log", "empty")[1]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_makes_room_for_lines(
    banish: Banish, filters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    banish("try", "-c", filters, filters / "log", "web")
    assert terminal.getvalue().startswith("\r\x1b[K0%  0.0 of 0.0 MB")
    assert terminal.getvalue().endswith("\r\x1b[K")
    monkeypatch.setattr(sys, "stdout", _Terminal())
    terminal.truncate(0)
    banish("try", "-c", filters, filters / "log", "web", "--json")
    assert not terminal.getvalue()


def test_a_line_is_explained_by_its_text_or_its_number(banish: Banish, filters: Path) -> None:
    line = LOG.splitlines()[0]
    for words in ((line, "web"), ("1", filters / "log", "web")):
        status, text = banish("try", "-c", filters, "--explain", *words)
        assert status == 0
        assert f"line         {line}\n" in text
        assert "judgement    a failure of 192.0.2.7\n" in text


@pytest.mark.parametrize("limit", ["-1", "few"])
def test_a_limit_is_a_number_or_all(banish: Banish, filters: Path, limit: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        banish("try", "-c", filters, f"--misses={limit}", filters / "log", "web")


def test_arguments_in_brackets_reach_the_filter(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text("2023-11-14T22:13:20Z 100% failed from 192.0.2.7\n")
    assert 0 == banish("try", "-c", filters, filters / "log", 'web[verb="100%"]')[0]


@pytest.mark.parametrize("name", ["filter.d/web.conf", "web.conf"])
def test_a_filter_may_be_named_by_its_file(banish: Banish, filters: Path, name: str) -> None:
    assert 0 == banish("try", "-c", filters, filters / "log", name)[0]
    assert 0 == banish("try", "-c", filters, filters / "log", filters / "filter.d" / "web.conf")[0]


def test_several_filters_read_each_line_in_turn(banish: Banish, filters: Path) -> None:
    status, text = banish("try", "-c", filters, filters / "log", "web[verb=logout]", "web")
    assert status == 0
    assert "web: 0 of 3 lines match\nweb: 2 of 3 lines match\n" in text
    assert text.count("no failregex matches") == 1


def test_lines_of_one_connection_are_told_with_the_failure(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text("2023-11-14T22:13:20Z c1 open 192.0.2.7\n2023-11-14T22:13:21Z c1 bad anna\n")
    _, text = banish("try", "-c", filters, filters / "log", "story", "--json")
    hit = json.loads(text)
    assert (2, "2023-11-14T22:13:21Z c1 bad anna") == (hit["line"], hit["text"])
    assert ["anna"] == hit["fields"]["users"]
    assert 2 == len(hit["fields"]["matches"])


def test_a_line_without_a_date_has_no_time(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text("login failed from 192.0.2.7\n")
    _, text = banish("try", "-c", filters, filters / "log", "web", "--json")
    assert json.loads(text)["time"] is None


def test_an_unfinished_line_is_left_out_and_told(banish: Banish, filters: Path) -> None:
    (filters / "log").write_text(LOG.rstrip("\n"))
    status, text = banish("try", "-c", filters, filters / "log", "web")
    assert status == 0
    assert "the last line has no line end and is not read" in text
    assert "web: 1 of 2 lines match" in text


def test_standard_input_is_a_log(banish: Banish, filters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOG.encode())))
    assert 0 == banish("try", "-c", filters, "-", "web")[0]


def test_a_filter_is_needed(banish: Banish, filters: Path) -> None:
    for words in ((filters / "log",), ("--explain", "1", filters / "log")):
        status, text = banish("try", "-c", filters, *words)
        assert status == 2
        assert "stands alone; write a log and a filter" in text


@pytest.mark.parametrize(
    ("log", "name", "complaint"),
    [
        ("log", "none", "there is no filter.d/none.conf"),
        ("none", "web", "No such file or directory"),
        ("log", "web[", "web["),
        ("log", "[x=1]", "names no filter"),
        ("log", "web[verb=(]", "not a regular expression"),
    ],
)
def test_misuse_is_named(banish: Banish, filters: Path, log: str, name: str, complaint: str) -> None:
    status, text = banish("try", "-c", filters, filters / log, name)
    assert status == 2
    assert complaint in text
