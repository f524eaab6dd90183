"""The logs that the bench makes: the same each time, and what Banish finds in them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from bench.errors import UnfitError
from bench.growth import grown

from bench import access_log, mail_log, sshd_log

NOW = 1_763_673_171.0
Lines: TypeAlias = "Callable[[int, float], Iterator[str]]"
ALL = [sshd_log.lines, access_log.lines, mail_log.lines]
WITH_LITERALS = [
    (sshd_log.lines, sshd_log.LITERALS),
    (access_log.lines, access_log.LITERALS),
    (mail_log.lines, mail_log.LITERALS),
]


@pytest.mark.parametrize("lines", ALL)
def test_a_log_has_the_lines_asked_for_and_is_the_same_again(lines: Lines) -> None:
    log = list(lines(1_234, NOW))
    assert 1_234 == len(log)
    assert log == list(lines(1_234, NOW))
    assert all(line.endswith("\n") and "{" not in line for line in log)


@pytest.mark.parametrize(("lines", "literals"), WITH_LITERALS)
def test_every_literal_occurs(lines: Lines, literals: Sequence[str]) -> None:
    text = "".join(lines(100_000 if lines is access_log.lines else 5_000, NOW))
    assert [] == [literal for literal in literals if literal not in text]


def test_other_seeds_bring_other_attackers() -> None:
    found = [set(re.findall(r"from (\S+) port", "".join(sshd_log.lines(500, NOW, seed)))) for seed in (1, 2)]
    assert not found[0] & found[1]


@pytest.mark.slow
def test_a_third_of_an_attacked_log_blames_somebody(tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.write_text("".join(sshd_log.lines(5_000, NOW)))
    command = (str(Path(sys.executable).with_name("banish")), "try", str(log), "sshd")
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"sshd: (\d+) of 5000 lines match", printed)
    assert found is not None
    assert 0.29 < int(found[1]) / 5_000 < 0.35


@pytest.mark.slow
def test_three_of_ten_thousand_requests_are_a_scanners() -> None:
    scans = re.compile("|".join(re.escape(literal) for literal in access_log.LITERALS))
    found = sum(scans.search(line) is not None for line in access_log.lines(200_000, NOW))
    assert 20 < found < 120


def test_twenty_jails_are_twenty() -> None:
    assert 20 == len(set(access_log.JAILS))


def test_a_grown_log_has_its_lines_again_with_fresh_addresses_and_times(tmp_path: Path) -> None:
    real = tmp_path / "real.log"
    real.write_text(
        "Dec 10 06:55:46 gate sshd[1]: from 192.0.2.1\nDec 10 06:55:47 gate sshd[2]: to 192.0.2.1\n"
    )
    log = list(grown(real, 4, NOW))
    assert ["gate sshd[1]: from", "gate sshd[2]: to"] * 2 == [line[16:].rsplit(" ", 1)[0] for line in log]
    first, again, second, _ = (line.split()[-1] for line in log)
    assert first == again != second
    assert "192.0.2.1" not in "".join(log)
    assert "Dec 10" not in "".join(log)


def test_nothing_grows_from_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.touch()
    with pytest.raises(UnfitError, match="there is no line"):
        list(grown(empty, 4, NOW))
