from __future__ import annotations

import os
from pathlib import Path

import pytest

from banish.adapters.sources.patterns import is_there, matches, survey


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a/x.log", "b/x.log", "b/y.log", "b/.hidden.log", "c.log/z", "d"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("a/x.log", "a/x.log"),
        ("no/x.log", "no/x.log"),
        ("*/x.log", "a/x.log b/x.log"),
        ("b/*.log", "b/x.log b/y.log"),
        ("b/.*", "b/.hidden.log"),
        ("[!a]/?.log", "b/x.log b/y.log"),
        ("**/x.log", "a/x.log b/x.log"),
        ("*.log", ""),
        ("no/*.log", ""),
        ("d/*", ""),
        ("*", "d"),
    ],
)
def test_wildcards_mean_files(tree: Path, pattern: str, paths: str) -> None:
    assert [str(tree / path) for path in paths.split()] == list(survey([str(tree / pattern)]).paths)
    assert paths.split() == list(survey([pattern]).paths)


def test_a_file_is_surveyed_once(tree: Path) -> None:
    assert ["a/x.log", "b/x.log"] == list(survey(["a/x.log", "*/x.log"]).paths)
    assert tree.exists()


def test_a_missing_path_is_awaited_in_the_deepest_directory_there_is(tree: Path) -> None:
    assert {str(tree): {"no"}} == survey([str(tree / "no" / "no" / "x.log")]).places
    assert {"/": {"no-such-directory"}} == survey(["/no-such-directory/x.log"]).places
    assert {".": {"x.log"}, str(tree): {"x.log"}} == survey(["x.log"]).places


def test_a_link_is_awaited_where_it_is_and_where_it_leads(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "a" / "new.log")
    assert {str(tree): {"link"}, str(tree / "a"): {"new.log"}} == survey([str(tree / "link")]).places


def test_every_directory_in_which_a_pattern_may_find_more_is_watched(tree: Path) -> None:
    places = survey([str(tree / "*" / "x*"), str(tree / "no" / "*")]).places
    assert {"*", "no"} == places[f"{tree}/"]
    assert {"x*"} == places[f"{tree}/a/"]


def test_a_name_that_is_no_text_is_left_out(tree: Path) -> None:
    (tree / "a" / os.fsdecode(b"\xff.log")).touch()
    assert ["a/x.log"] == list(survey(["a/*"]).paths)


def test_a_directory_that_cannot_be_read_is_empty(tree: Path) -> None:
    loop = tree / "loop"
    loop.symlink_to(loop)
    assert [] == list(survey([f"{loop}/*"]).paths)


def test_a_path_matches_part_by_part() -> None:
    assert matches("/var/*/x[12].log", "/var/log/x1.log")
    assert not matches("/var/*", "/var/log/x1.log")
    assert not matches("/var/*/x[12].log", "/var/log/x3.log")


def test_a_log_is_there_if_anything_that_is_meant_exists(tree: Path) -> None:
    (tree / "b" / "gone.log").symlink_to(tree / "nowhere")
    there = [path for path in ("a/x.log", "?/y*", "a/y.log", "b/gone*", "no/*") if is_there(path)]
    assert ["a/x.log", "?/y*"] == there
