from __future__ import annotations

from pathlib import Path

import pytest

from banish.core.errors import ConfigError
from banish.faces.fail2ban.naming import Expression, NamedFilter, NamedJail, is_file, resolve


def test_a_jail_comes_before_a_filter(tree: Path) -> None:
    named = resolve("web[verb=log, x='a b']", str(tree))
    assert isinstance(named, NamedJail)
    assert ("web", {"verb": "log", "x": "a b"}) == (named.name, named.options)


@pytest.mark.parametrize(
    "word", ["story", "story.conf", "story.local", "filter.d/story", "filter.d/story.conf"]
)
def test_a_filter_has_a_name_in_the_configuration(tree: Path, word: str) -> None:
    for config in (tree, tree / "filter.d"):
        named = resolve(f"{word}[a=1]", str(config))
        assert isinstance(named, NamedFilter)
        assert ("story", {"a": "1"}, str(tree)) == (named.name, named.options, named.base)


def test_what_has_a_jails_name_is_the_filter_if_it_is_called_one(tree: Path) -> None:
    assert isinstance(resolve("filter.d/web.conf", str(tree)), NamedFilter)


def test_a_filter_has_a_path(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = resolve(f"{tree}/filter.d/story.conf[a=1]", None)
    assert isinstance(named, NamedFilter)
    assert ("story", {"a": "1"}, str(tree), tree) == (named.path, named.options, named.base, named.tree.root)
    monkeypatch.chdir(tree / "filter.d")
    Path("story.conf").rename("../lone.conf")
    named = resolve("../lone", "/nonexistent")
    assert isinstance(named, NamedFilter)
    assert ("lone", "") == (named.name, named.base)
    assert Path(f"{named.path}.conf").samefile(tree / "lone.conf")


def test_a_relative_folder_of_filters_belongs_to_where_we_are(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    named = resolve("./filter.d/story.conf", "/nonexistent")
    assert isinstance(named, NamedFilter)
    assert "." == named.base
    named = resolve("filter.d/story.conf", "/nonexistent")
    assert isinstance(named, NamedFilter)
    assert "." == named.base


@pytest.mark.parametrize(
    "word",
    [
        "",
        "nosuch.conf",
        "a b",
        "web [a=1]",
        "web[bad",
        "web[bad=]]x",
        "/tmp/nosuch/filter.conf",
        "[x]",
    ],
)
def test_all_else_is_an_expression(tree: Path, word: str) -> None:
    for config in (tree, tree / "nosuch"):
        assert Expression(word) == resolve(word, str(config))


@pytest.mark.parametrize("word", ["nosuch", "web[a=1]", "a.b-c", "é" * 5000])
def test_what_can_only_be_a_name_needs_a_directory(tree: Path, word: str) -> None:
    named = resolve(word, str(tree))
    assert isinstance(named, NamedJail) or named == Expression(word)
    with pytest.raises(ConfigError, match="no such directory"):
        resolve(word, str(tree / "nosuch"))


def test_without_a_directory_the_usual_places_are_looked_at() -> None:
    named = resolve("filter.d/sshd.conf", None)
    assert isinstance(named, NamedFilter)
    assert str(named.tree.root) == named.base


@pytest.mark.parametrize("word", ["x" * 5000, "a\0b", "", "."])
def test_not_every_word_is_a_file(word: str) -> None:
    assert not is_file(word)
