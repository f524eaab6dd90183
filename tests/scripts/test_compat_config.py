"""Our reading of a configuration beside that of the real program, or of all of them that `FAIL2BAN` names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import compat_config
import pytest
from bench.errors import UnfitError
from compat.oracle import find, folders
from compat_config_meaning import Meaning, meaning
from compat_config_stream import Original

from banish.core.config import JailConfig

JAILS = ["sshd", "nginx-http-auth", "postfix", "apache-badbots", "recidive", "pam-generic"]
ONE = {"jail.conf": "[j]\nenabled = yes\nfilter = f\nmaxretry = 3\n", "filter.d/f.conf": "[Definition]\n"}


@pytest.fixture(scope="session", params=folders())
def original(request: pytest.FixtureRequest) -> Iterator[Original]:
    try:
        found = Original(find(request.param))
    except UnfitError as error:
        pytest.skip(f"there is no fail2ban to compare with: {error}")
    yield found
    found.close()


@pytest.mark.slow
def test_every_jail_that_is_delivered_means_the_same(original: Original) -> None:
    names = compat_config.jails_of(original)
    assert 80 < len(names)
    assert [] == compat_config.of_stock(original, names)


@pytest.mark.slow
@pytest.mark.parametrize("jail", JAILS)
def test_a_jail_alone_means_the_same(original: Original, jail: str) -> None:
    assert [] == compat_config.of_stock(original, [jail])


@pytest.mark.slow
@pytest.mark.parametrize("name", compat_config.TREES)
def test_a_small_tree_means_the_same(original: Original, name: str) -> None:
    assert [] == compat_config.of_tree(original, name, compat_config.TREES[name])


@pytest.mark.slow
def test_trees_made_by_chance_mean_the_same(original: Original) -> None:
    assert [] == compat_config.of_trees(original, compat_config.random_trees(10, 60))


@pytest.mark.slow
def test_a_difference_is_told(original: Original, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(jail: JailConfig) -> Meaning:
        return meaning(jail) | {"maxretry": jail.maxretry + 1}

    monkeypatch.setattr(compat_config, "meaning", one_more)
    (found,) = compat_config.of_tree(original, "one", ONE)
    assert "one [j] maxretry:\n    fail2ban 3\n    banish   4" == found


@pytest.mark.slow
def test_a_jail_that_only_one_of_them_runs_is_told(original: Original) -> None:
    found = compat_config.of_tree(original, "one", ONE | {"filter.d/f.conf": "[Definition]\nmaxlines = 0\n"})
    assert any("maxlines" in line for line in found)


def test_a_tree_made_by_chance_can_be_made_again() -> None:
    assert compat_config.random_trees(7, 1)["random 7"] == compat_config.random_trees(0, 9)["random 7"]


def test_the_jails_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "jail.conf").write_text("[INCLUDES]\n[DEFAULT]\nx = [y]\n[sshd]\n# [no]\n[web]\n")

    class Fake(Original):
        def __init__(self) -> None:
            self.tree = tmp_path

    assert ["sshd", "web"] == compat_config.jails_of(Fake())
