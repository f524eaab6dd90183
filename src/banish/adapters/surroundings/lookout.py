"""The look around: every source asked, each reason in a person's words, nothing raised."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from banish.adapters.surroundings.addresses import default_gateways, own_addresses
from banish.adapters.surroundings.logins import Login, logind_logins, utmp_logins
from banish.adapters.surroundings.resolvers import name_servers
from banish.adapters.surroundings.sshd import SshdSessions
from banish.core.model import Subject

SESSIONS_SECONDS: Final = 0.25  # how old what we say of sessions may be
MACHINE_SECONDS: Final = 5.0  # and of the machine itself, whose addresses seldom change

Finding: TypeAlias = "tuple[Subject, str]"
Part: TypeAlias = "Callable[[], Iterable[Finding]]"


class Lookout:
    """Looks around, not more often than it must. Not for two threads at a time."""

    def __init__(
        self,
        report: Callable[[str], None],
        *,
        proc: Path = Path("/proc"),
        run: Path = Path("/run"),
        etc: Path = Path("/etc"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`report` is told once of each source that cannot be read, which then tells us of nobody."""
        sshd = SshdSessions(proc, clock)
        self._report = report
        self._clock = clock
        self._reported: set[str] = set()
        self._machine = _Shelf(
            {
                "own addresses": _own_addresses,
                "default gateways": lambda: ((each, "default gateway") for each in default_gateways()),
                "name servers": lambda: (
                    (each, "name server of this machine") for each in name_servers(etc, run)
                ),
            },
            MACHINE_SECONDS,
        )
        self._sessions = _Shelf(
            {
                "sessions of sshd": lambda: _reasons(sshd.look()),
                "sessions of systemd-logind": lambda: _reasons(logind_logins(run / "systemd/sessions")),
                "sessions of utmp": lambda: _reasons(utmp_logins(run / "utmp")),
            },
            SESSIONS_SECONDS,
        )

    def look(self) -> Mapping[Subject, str]:
        """Return who must not be banned now, and why."""
        return {**self._fresh(self._sessions), **self._fresh(self._machine)}

    def _fresh(self, shelf: _Shelf) -> Mapping[Subject, str]:
        now = self._clock()
        if now >= shelf.stale_at:
            shelf.findings = self._collect(shelf.parts)
            shelf.stale_at = now + shelf.seconds
        return shelf.findings

    def _collect(self, parts: Mapping[str, Part]) -> Mapping[Subject, str]:
        found: dict[Subject, str] = {}
        for name, part in parts.items():
            try:
                for subject, reason in part():
                    found.setdefault(subject, reason)
            except (OSError, ValueError, LookupError) as error:
                self._tell_once(name, error)
        return found

    def _tell_once(self, name: str, error: Exception) -> None:
        if name not in self._reported:
            self._reported.add(name)
            self._report(f"{name} cannot be read ({error}); nobody is spared because of them")


class _Shelf:
    """Findings of a kind, and when they are too old."""

    def __init__(self, parts: Mapping[str, Part], seconds: float) -> None:
        self.parts = parts
        self.seconds = seconds
        self.findings: Mapping[Subject, str] = {}
        self.stale_at = float("-inf")


def _own_addresses() -> Iterator[Finding]:
    for address, interface in own_addresses():
        yield address, f"address of {interface} of this machine"


def _reasons(logins: Iterable[Login]) -> Iterator[Finding]:
    for login in logins:
        yield login.address, login.reason
