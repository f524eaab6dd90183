"""An unpacked fail2ban is found, whoever packed it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.errors import UnfitError
from compat.oracle import find, folders

PACKAGE = ("usr/lib/python3/dist-packages", "etc/fail2ban", "usr/bin/fail2ban-regex")
FEDORA = ("usr/lib/python3.12/site-packages", "etc/fail2ban", "usr/bin/fail2ban-regex")
SOURCE = (".", "config", "bin/fail2ban-regex")


def unpack(root: Path, library: str, tree: str, program: str, says: str) -> None:
    (root / library / "fail2ban/tests/files/logs").mkdir(parents=True)
    (root / tree).mkdir(parents=True)
    (root / program).parent.mkdir(parents=True)
    (root / program).write_text(says)


@pytest.mark.parametrize("layout", [PACKAGE, FEDORA, SOURCE])
def test_packages_and_source_trees_are_found(tmp_path: Path, layout: tuple[str, str, str]) -> None:
    unpack(tmp_path, *layout, "print('fail2ban-regex 1.1.0')")
    found = find(str(tmp_path))
    assert "1.1.0" == found.version()
    assert tmp_path / layout[0] == found.library
    assert found.samples.is_dir()
    assert (tmp_path / layout[1], tmp_path / layout[2]) == (found.tree, found.program)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnfitError, match="no unpacked fail2ban"):
        find(str(tmp_path))


def test_what_does_not_run_says_why(tmp_path: Path) -> None:
    unpack(tmp_path, *SOURCE, "raise ImportError('no module called asynchat')")
    with pytest.raises(UnfitError, match="asynchat"):
        find(str(tmp_path)).version()


def test_the_environment_names_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIL2BAN", "/one::/two")
    assert ["/one", "/two"] == folders()
    monkeypatch.delenv("FAIL2BAN")
    assert [""] == folders()
