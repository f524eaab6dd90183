"""What the journal is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from banish.adapters.journal.query import query, terms
from banish.core.errors import ConfigError


def test_options_and_matches_become_words(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.journal").touch()
    options = {
        "journalfiles": f"{tmp_path}/*.journal, /x",
        "journalpath": "/y",
        "namespace": "z",
        "journalflags": "12",
    }
    assert (
        f"--file={tmp_path}/a.journal",
        f"--file={tmp_path}/b.journal",
        "--file=/x",
        "--directory=/y",
        "--namespace=z",
        "--system",
        "--user",
        "A=1",
        "B=x y",
        "+",
        "C=2",
    ) == query(options, ("A=1 'B=x y'", "C=2")).words


def test_odd_options_are_refused() -> None:
    with pytest.raises(ConfigError, match='journalflags = "x": not a whole number'):
        query({"journalflags": "x"}, ())
    with pytest.raises(ConfigError, match="No closing quotation"):
        terms('"A=1')
