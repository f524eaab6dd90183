"""What `status` and `stats` tell: names and figures, in the order that clients and monitoring count on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from banish.compat.commands.reads import journal
from banish.compat.frames import Value
from banish.daemon.jailer import Jailer
from banish.daemon.steering import Steering

_UNKNOWN: Final = "error"
"""In place of what the network would have to tell of an address (`cymru`); nobody is asked."""


class States:
    """The jails, as figures."""

    def __init__(
        self,
        jailer: Jailer,
        steering: Steering,
        files: Callable[[str], list[str]],
        waiting: Callable[[], Sequence[str]],
    ) -> None:
        """`files` are those that a jail reads; `waiting` tells which jails were added and not started yet."""
        self._jailer = jailer
        self._steering = steering
        self._files = files
        self._waiting = waiting

    def all(self) -> list[Value]:
        """Return how many jails there are, and their names in alphabetical order."""
        names = sorted(self._names())
        return [("Number of jail", len(names)), ("Jail list", ", ".join(names))]

    def all_in_detail(self, flavour: str) -> list[Value]:
        """Return the same, and what each jail says."""
        names = sorted(self._names())
        if not names:
            return self.all()
        return [*self.all(), {name: self.of(name, flavour) for name in names}]

    def of(self, name: str, flavour: str) -> Value:
        """Return the figures of a jail: `basic`, `short`, `stats` or `cymru`."""
        figures = self._jailer.status(name)
        if flavour == "stats":
            return self._figures_of(name)
        seen: list[Value] = [("Currently failed", figures.failing), ("Total failed", figures.failures)]
        config = self._steering.jail(name)
        if config is not None and config.reads_journal:
            matches: list[Value] = [" + ".join(map(" ".join, journal(config)))]
            seen.append(("Journal matches", matches))
        else:
            seen.append(("File list", list[Value](self._files(name))))
        done: list[Value] = [("Currently banned", figures.banned), ("Total banned", figures.bans)]
        if flavour != "short":
            done.append(("Banned IP list", list[Value](self._jailer.banned(name))))
        if flavour == "cymru":
            done += [(f"Banned {what} list", [_UNKNOWN]) for what in ("ASN", "Country", "RIR")]
        return [("Filter", seen), ("Actions", done)]

    def figures(self) -> dict[Value, Value]:
        """Return backend and figures of each jail, for the table."""
        return {name: self._figures_of(name) for name in sorted(self._names())}

    def _figures_of(self, name: str) -> list[Value]:
        config, figures = self._steering.jail(name), self._jailer.status(name)
        backend = "polling" if config is None else config.backend.partition("[")[0]
        shown = "pyinotify" if backend == "auto" else backend
        return [shown, (figures.failing, figures.failures), (figures.banned, figures.bans)]

    def _names(self) -> list[str]:
        return [*(jail.name for jail in self._steering.jails()), *self._waiting()]
