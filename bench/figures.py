"""What was measured: raw samples of each program, by the name of the trial."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Samples: TypeAlias = "dict[str, list[float]]"
"""Seconds, bytes of memory, or lines a second, in the order in which they were measured; infinite: never."""


class Program(StrEnum):
    """Who is measured."""

    BANISH = "banish"
    FAIL2BAN = "fail2ban"
    SSHGUARD = "sshguard"
    CROWDSEC = "crowdsec"
    GREP = "grep"


class Trial(StrEnum):
    """What is measured; the names are those of the file of samples."""

    SSH = "sshd log"
    SSH_START = "sshd log, start"
    WEB_1 = "access log, 1 jail"
    WEB_6 = "access log, 6 jails"
    WEB_20 = "access log, 20 jails"
    MAIL = "mail log"
    ONE_LOG = "backlog of one log"
    TWO_LOGS = "backlog of two logs"
    READY = "ready"
    READY_STOCK = "ready, all stock jails"
    IDLE = "memory, idle"
    IDLE_STOCK = "memory, idle, all stock jails"
    SINGLE = "line to kernel"
    SINGLE_BUSY = "line to kernel, backlog in another log"
    SINGLE_TRAPPED = "line to kernel, expression explodes in another jail"
    SINGLE_FULL = "line to kernel, full set"
    ELEMENT = "element, full set"
    FLOOD = "flood"
    AGAIN = "restart after the flood"
    RESTART_SMALL = "restart, few bans"
    RESTART_MIDDLE = "restart, many bans"
    RESTART_FULL = "restart, full"
    FULL_MEMORY = "memory, full"
    FULL_PEAK = "most memory, full"
    FAILING = "memory, failing addresses"
    HOUR = "memory, through an hour of attack"


@dataclass(slots=True)
class Figures:
    """The samples by program; `absent` says why a program has none, `failed` what went wrong in a trial."""

    samples: dict[str, Samples] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def keep(self, program: str, trial: str, samples: list[float]) -> None:
        """Add what was measured."""
        self.samples.setdefault(program, {}).setdefault(trial, []).extend(samples)

    def of(self, program: str, trial: str) -> list[float]:
        """Return what was measured; nothing if it was not."""
        return self.samples.get(program, {}).get(trial, [])
