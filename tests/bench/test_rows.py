from __future__ import annotations

import math

import pytest
from bench.figures import Figures, Program, Trial
from bench.rows import MS, RATE, Row, Target, rows
from bench.samples import almost_all
from bench.sizes import FULL

FAST = Row("rate", Trial.SSH, RATE, targets=(Target(1, Program.SSHGUARD), Target(13, Program.FAIL2BAN)))
QUICKLY = Row("line", Trial.SINGLE, MS, almost_all, (Target(0.005),))
TWICE = Row("two", Trial.TWO_LOGS, RATE, targets=(Target(1.7, trial=Trial.ONE_LOG),))


def figures(trial: Trial, **programs: float) -> Figures:
    return Figures({program: {trial: [value]} for program, value in programs.items()})


@pytest.mark.parametrize(
    ("expected", "ours"), [(True, 1_300.0), (False, 1_299.0), (True, 5_000.0), (False, 99.0)]
)
def test_all_targets_are_to_be_met(expected: bool, ours: float) -> None:  # noqa: FBT001 (a table of cases)
    assert expected is FAST.verdict(figures(Trial.SSH, banish=ours, sshguard=100.0, fail2ban=100.0))


def test_a_target_without_its_peer_is_left_out() -> None:
    assert FAST.verdict(figures(Trial.SSH, banish=100.0, sshguard=100.0)) is True
    assert FAST.verdict(figures(Trial.SSH, banish=100.0)) is None
    assert FAST.verdict(figures(Trial.SSH, sshguard=100.0)) is None


def test_less_is_better_where_time_is_measured() -> None:
    assert QUICKLY.verdict(figures(Trial.SINGLE, banish=0.005)) is True
    assert QUICKLY.verdict(figures(Trial.SINGLE, banish=math.inf)) is False


def test_a_target_may_be_another_trial() -> None:
    both = Figures({Program.BANISH: {Trial.ONE_LOG: [100.0], Trial.TWO_LOGS: [171.0]}})
    assert TWICE.verdict(both) is True


def test_the_ratio_says_how_many_times_better_banish_is() -> None:
    assert 2 == FAST.ratio(figures(Trial.SSH, banish=200.0, grep=100.0), Program.GREP)
    assert 2 == QUICKLY.ratio(figures(Trial.SINGLE, banish=1.0, grep=2.0), Program.GREP)
    assert QUICKLY.ratio(figures(Trial.SINGLE, banish=1.0), Program.GREP) is None


def test_every_trial_has_a_row() -> None:
    assert set(Trial) == {row.trial for row in rows(FULL)}
