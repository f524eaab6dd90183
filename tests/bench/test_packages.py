from __future__ import annotations

from bench.figures import Program
from bench.packages import PACKAGES, fetch, folder_of, is_there

THERE = [program for program in PACKAGES if is_there(program)]


def test_what_is_there_is_not_fetched_again() -> None:
    for program in THERE:
        before = folder_of(program).stat().st_mtime_ns
        fetch(program)
        assert before == folder_of(program).stat().st_mtime_ns


def test_every_peer_has_its_folder() -> None:
    assert len(PACKAGES) == len({folder_of(program) for program in PACKAGES})
    assert Program.BANISH not in PACKAGES
