from __future__ import annotations

from tests.adapters.scanners.play import ADDRESS, compiled, jail

from banish.adapters.scanners.local import LocalMatcher
from banish.core.match import Scanner


def test_there_are_no_processes_and_nothing_is_left_out() -> None:
    matcher = LocalMatcher(Scanner(compiled(jail("all", ADDRESS))))
    assert ((), ()) == (matcher.processes(), matcher.left_out())
