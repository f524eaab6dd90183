"""The lines of the table: what is told of which trial, and what it is to reach."""

from __future__ import annotations

from typing import Final, NamedTuple

from bench.figures import Figures, Program, Trial
from bench.samples import Statistic, almost_all, growth, median
from bench.sizes import Sizes


class Unit(NamedTuple):
    """How to write a figure: its name, how much of what was measured it is, and whether more is better."""

    name: str
    size: float
    more: bool = False


RATE: Final = Unit("k/s", 1e3, more=True)
"""Thousands of lines a second."""
S: Final = Unit("s", 1)
MS: Final = Unit("ms", 1e-3)
MB: Final = Unit("MB", 1e6)


class Target(NamedTuple):
    """So many times what a program reached in a trial (Banish, the row's own); with neither, a figure."""

    factor: float
    program: Program | None = None
    trial: Trial | None = None

    @property
    def is_bare(self) -> bool:
        """Whether it compares with nothing."""
        return self.program is None and self.trial is None


class Row(NamedTuple):
    """One figure: of which trial, what of its samples, in which unit."""

    text: str
    trial: Trial
    unit: Unit
    statistic: Statistic = median
    targets: tuple[Target, ...] = ()

    def figure(self, figures: Figures, program: str, trial: Trial | None = None) -> float | None:
        """Return what a program reached, here or in another trial."""
        samples = figures.of(program, trial or self.trial)
        return self.statistic(samples) if samples else None

    def ratio(self, figures: Figures, program: str) -> float | None:
        """Return how many times better Banish is than this program."""
        ours, theirs = self.figure(figures, Program.BANISH), self.figure(figures, program)
        if not ours or not theirs or ours < 0 or theirs < 0:
            return None
        return ours / theirs if self.unit.more else theirs / ours

    def verdict(self, figures: Figures) -> bool | None:
        """Return whether all targets are met that can be judged; none: nothing can be judged."""
        ours = self.figure(figures, Program.BANISH)
        if ours is None:
            return None
        limits = [limit for target in self.targets if (limit := self._limit(figures, target)) is not None]
        if not limits:
            return None
        return all(ours >= limit if self.unit.more else ours <= limit for limit in limits)

    def _limit(self, figures: Figures, target: Target) -> float | None:
        if target.is_bare:
            return target.factor
        other = self.figure(figures, target.program or Program.BANISH, target.trial)
        return None if other is None else other * target.factor


def rows(sizes: Sizes) -> list[Row]:
    """Return what the table has to say."""
    return [*_reading(), *_guarding(sizes), *_starting(sizes), *_remembering(sizes)]


def _reading() -> list[Row]:
    fast = (Target(1, Program.SSHGUARD), Target(13, Program.FAIL2BAN))
    # half as much time again for 20 jails as for six
    many = (Target(1 / 1.5, trial=Trial.WEB_6),)
    return [
        Row("lines of an attacked sshd", Trial.SSH, RATE, targets=fast),
        Row("lines of an access log, 1 jail", Trial.WEB_1, RATE),
        Row("lines of an access log, 6 jails", Trial.WEB_6, RATE, targets=(Target(200, Program.FAIL2BAN),)),
        Row("lines of an access log, 20 jails", Trial.WEB_20, RATE, targets=many),
        Row("lines of a mail log, 4 jails", Trial.MAIL, RATE),
        Row("from the command to the verdict on one line", Trial.SSH_START, S),
        Row("daemon, backlog of one sshd log", Trial.ONE_LOG, RATE),
        Row(
            "daemon, backlogs of two sshd logs",
            Trial.TWO_LOGS,
            RATE,
            targets=(Target(1.7, trial=Trial.ONE_LOG),),
        ),
    ]


def _guarding(sizes: Sizes) -> list[Row]:
    busy = f"log line → kernel, {sizes.busy_bytes >> 20:,} MiB in another log"
    return [
        Row("log line → kernel, median", Trial.SINGLE, MS),
        Row("log line → kernel, 99%", Trial.SINGLE, MS, almost_all, (Target(0.005),)),
        Row(f"{busy}, median", Trial.SINGLE_BUSY, MS),
        Row(f"{busy}, 99%", Trial.SINGLE_BUSY, MS, almost_all, (Target(0.050),)),
        Row(
            "log line → kernel, an expression explodes elsewhere, worst",
            Trial.SINGLE_TRAPPED,
            MS,
            max,
            (Target(1),),
        ),
        Row(
            f"{sizes.flood:,} addresses at once → all in the kernel", Trial.FLOOD, S, median, (Target(0.25),)
        ),
    ]


def _starting(sizes: Sizes) -> list[Row]:
    small, middle, full = sizes.pasts
    return [
        Row("start → ready, sshd", Trial.READY, S),
        Row("start → ready, all stock jails", Trial.READY_STOCK, S, targets=(Target(0.5),)),
        Row(f"restart with {sizes.flood:,} bans → all in the kernel", Trial.AGAIN, S),
        Row(f"restart with {small:,} bans → all in the kernel", Trial.RESTART_SMALL, S),
        Row(f"restart with {middle:,} bans → all in the kernel", Trial.RESTART_MIDDLE, S),
        Row(f"restart with {full:,} bans → all in the kernel", Trial.RESTART_FULL, S, targets=(Target(5),)),
        Row(f"log line → kernel, {full:,} in the set, median", Trial.SINGLE_FULL, MS),
        Row(f"log line → kernel, {full:,} in the set, 99%", Trial.SINGLE_FULL, MS, almost_all),
        Row(f"one element, {full:,} in the set, 99%", Trial.ELEMENT, MS, almost_all, (Target(0.001),)),
    ]


def _remembering(sizes: Sizes) -> list[Row]:
    full = sizes.pasts[-1]
    return [
        Row("memory, sshd", Trial.IDLE, MB),
        Row("memory, all stock jails", Trial.IDLE_STOCK, MB, targets=(Target(1, Program.FAIL2BAN),)),
        Row(f"memory, {sizes.failing:,} addresses have failed", Trial.FAILING, MB),
        Row(f"memory, {full:,} bans", Trial.FULL_MEMORY, MB, targets=(Target(450e6),)),
        Row("the most it ever was", Trial.FULL_PEAK, MB),
        Row("growth in the last third of an attacked hour", Trial.HOUR, MB, growth, (Target(1e6),)),
    ]
