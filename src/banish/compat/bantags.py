"""What the tags of an action stand for: of a ban, and of a jail that begins or ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from banish.compat.hittags import reversed_of
from banish.core.model import NEVER, Ban
from banish.core.subject import family_of


@dataclass(frozen=True, slots=True)
class Event:
    """A ban, and what is known of it now: `host` is the name of the address, if it was looked up."""

    ban: Ban
    is_restored: bool = False
    host: str = "None"

    def value_of(self, tag: str) -> str | None:
        """Return what a tag stands for; nothing for a tag that says nothing of a ban."""
        if tag.startswith("F-"):
            return ""  # what a line told besides is not kept with a ban
        known = _VALUES.get(tag)
        return known(self) if known is not None else None

    @property
    def family(self) -> str:
        """The family of the address; empty for who has none."""
        family = family_of(self.ban.subject)
        return "" if family is None else f"inet{family}"


def _lines(event: Event) -> str:
    return "\n".join(line for each in event.ban.evidence for line in each.lines)


def _time(event: Event) -> str:
    evidence = event.ban.evidence
    return str(evidence[-1].at if evidence else event.ban.at)


def _length(event: Event) -> str:
    ban = event.ban
    return "-1" if ban.until == NEVER else str(round(ban.until - ban.at))


def _failures(event: Event) -> str:
    return str(event.ban.failures)


_VALUES: Final[Mapping[str, Callable[[Event], str]]] = {
    "ip": lambda event: event.ban.subject,
    "fid": lambda event: event.ban.subject,
    "family": lambda event: event.family or "None",
    "ip-rev": lambda event: reversed_of(event.ban.subject),
    "ip-host": lambda event: event.host,
    "failures": _failures,
    "ipfailures": _failures,
    "ipjailfailures": _failures,
    "time": _time,
    "bantime": _length,
    "bancount": lambda event: str(event.ban.count),
    "matches": _lines,
    "ipmatches": _lines,
    "ipjailmatches": _lines,
    "restored": lambda event: str(int(event.is_restored)),
    "raw-ticket": lambda event: f"{event.ban.jail} {event.ban.subject}",
    "jail.name": lambda event: event.ban.jail,
}


def value_of_jail(jail: str, seconds: float, at: float, family: str) -> Callable[[str], str | None]:
    """Return what tags stand for where nobody is banned: when a jail begins or ends."""
    known = {
        "ip": "", "fid": "", "ip-rev": "", "ip-host": "", "failures": "0", "time": str(at),
        "bantime": str(round(seconds)) if seconds != float("inf") else "-1", "bancount": "0", "matches": "",
        "ipmatches": "", "ipjailmatches": "", "ipfailures": "0", "ipjailfailures": "0", "restored": "0",
        "family": family, "jail.name": jail,
    }  # fmt: skip
    return known.get
