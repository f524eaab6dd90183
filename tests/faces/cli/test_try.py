from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
    assert text.endswith("web: 2 of 3 lines match\n")


def test_no_match_is_a_negative_answer(banish: Banish, filters: Path) -> None:
    assert (1, "web: 0 of 3 lines match\n") == banish(
        "try", "-c", filters, filters / "log", "web[verb=logout]"
    )


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
