"""What the journal is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from banish.adapters.journal.query import machine_id, query, terms
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


def test_only_entries_of_this_machine_are_asked_for_but_where_somebody_says_where_to_look() -> None:
    plain = query({"namespace": "z"}, ("A=1 B=2", "C=3"))
    assert ("--namespace=z", "A=1", "B=2", "+", "C=3") == plain.words
    own = "_MACHINE_ID=m"
    assert ("--merge", "--namespace=z", "A=1", "B=2", own, "+", "C=3", own) == plain.asked("m")
    assert ("--merge", own) == query({}, ()).asked("m")
    unit = "_SYSTEMD_UNIT={}.service"
    both = unit.format("fail2ban"), unit.format("banish")
    assert ("--merge", *both, "PRIORITY=5", own) == query({}, (f"{both[0]} PRIORITY=5",)).asked("m")
    assert ("--merge", "A=1", own, "+", "B=2", own) == query({}, ("A=1 + B=2 +",)).asked("m")
    assert ("--merge", "A=1") == query({}, ("A=1",)).asked("")
    assert ("--merge", "--directory=/y", "A=1") == query({"journalpath": "/y"}, ("A=1",)).asked("m")


def test_a_machine_has_an_id_or_none(tmp_path: Path) -> None:
    path = tmp_path / "machine-id"
    assert "" == machine_id(path)
    path.write_text("0123456789abcdef0123456789abcdef\n")
    assert "0123456789abcdef0123456789abcdef" == machine_id(path)
