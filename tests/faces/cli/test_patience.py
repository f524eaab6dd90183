from __future__ import annotations

import re
import signal

import pytest

from banish.faces.cli.patience import at_most


def test_a_search_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError), at_most(0.02):
        re.search("(a+)+$", "a" * 60 + "b")


def test_what_is_done_in_time_leaves_no_trace() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with at_most(60):
        pass
    assert before == signal.getsignal(signal.SIGALRM)
    assert (0.0, 0.0) == signal.getitimer(signal.ITIMER_REAL)
