"""What the tags of an action stand for: of a ban, and of a jail that begins or ends.

Source: jail.conf(5), and runs of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from banish.compat.hittags import reversed_of
from banish.compat.tags import group_of
from banish.core.identity import address_in
from banish.core.jail import JailStatus
from banish.core.model import FOREVER, NEVER, Ban, Evidence, Instant, Seconds, Subject
from banish.core.subject import address_of, family_of

OF_THE_PAST: Final = frozenset({"ipmatches", "ipfailures", "ipjailmatches", "ipjailfailures"})
"""The tags for which earlier bans have to be looked up."""

_NO_STATUS: Final = JailStatus("", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Event:
    """A ban, and what is known of it now: `host` is the name of the address, if it was looked up.

    `past` are bans of the same subject in all jails, the latest first, if they were looked up; of their lines
    the last `most_lines` count. `status` are the figures of the jail.
    """

    ban: Ban
    is_restored: bool = False
    host: str = "None"
    past: tuple[Ban, ...] = ()
    most_lines: int = 10
    status: JailStatus = _NO_STATUS

    def value_of(self, tag: str) -> str | None:
        """Return what a tag stands for; nothing for a tag that says nothing of a ban."""
        if tag.startswith("F-"):
            value = self.ban.fields.get(group_of(tag[2:]), "")
            return value if isinstance(value, str) else str(value)
        if tag in FIGURES:
            return str(_OF_JAIL[tag](self.status))
        return _VALUES[tag](self) if tag in _VALUES else None

    def values(self) -> dict[str, str]:
        """Return what all tags stand for that tell of a ban, but for those of its fields."""
        return {tag: self.value_of(tag) or "" for tag in (*_VALUES, *_OF_JAIL)}

    @property
    def address(self) -> Subject:
        """The address of the subject: the one in its lines if it is known by another name."""
        subject = self.ban.subject
        if address_of(subject) is not None:
            return subject
        return Subject(address_in(self.ban.fields) or subject)

    @property
    def family(self) -> str:
        """The family of the address; empty for who has none."""
        family = family_of(self.address)
        return "" if family is None else f"inet{family}"

    def known(self, *, in_all_jails: bool) -> list[Ban]:
        """Return the bans of the subject that are known, this one at the end."""
        own = self.ban.jail, self.ban.at
        before = (ban for ban in reversed(self.past) if (ban.jail, ban.at) != own)
        return [*(ban for ban in before if in_all_jails or ban.jail == self.ban.jail), self.ban]


def _lines(evidence: Iterable[Evidence]) -> list[str]:
    return [line for each in evidence for line in each.lines]


def _matches(event: Event, *, in_all_jails: bool) -> str:
    bans = event.known(in_all_jails=in_all_jails)
    lines = [line for ban in bans for line in _lines(ban.evidence)]
    return "\n".join(lines[-event.most_lines :] if event.most_lines else ())


def _failures(event: Event, *, in_all_jails: bool) -> str:
    return str(sum(ban.failures for ban in event.known(in_all_jails=in_all_jails)))


def _time(event: Event) -> str:
    evidence = event.ban.evidence
    return str(evidence[-1].at if evidence else event.ban.at)


def _length(event: Event) -> str:
    ban = event.ban
    return "-1" if ban.until == NEVER else str(round(ban.until - ban.at))


_OF_JAIL: Final[Mapping[str, Callable[[JailStatus], int]]] = {
    "jail.banned": lambda status: status.banned,
    "jail.banned_total": lambda status: status.bans,
    "jail.found": lambda status: status.failing,
    "jail.found_total": lambda status: status.failures,
}
FIGURES: Final = frozenset(_OF_JAIL)
"""The tags that stand for the figures of the jail."""

_VALUES: Final[Mapping[str, Callable[[Event], str]]] = {
    "ip": lambda event: event.address,
    "fid": lambda event: event.ban.subject,
    "family": lambda event: event.family or "None",
    "ip-rev": lambda event: reversed_of(event.address),
    "ip-host": lambda event: event.host,
    "failures": lambda event: str(event.ban.failures),
    "ipfailures": lambda event: _failures(event, in_all_jails=True),
    "ipjailfailures": lambda event: _failures(event, in_all_jails=False),
    "time": _time,
    "bantime": _length,
    "bancount": lambda event: str(event.ban.count),
    "matches": lambda event: "\n".join(_lines(event.ban.evidence)),
    "ipmatches": lambda event: _matches(event, in_all_jails=True),
    "ipjailmatches": lambda event: _matches(event, in_all_jails=False),
    "restored": lambda event: str(int(event.is_restored)),
    "raw-ticket": lambda event: f"{event.ban.jail} {event.ban.subject}",
    "jail.name": lambda event: event.ban.jail,
}


def value_of_jail(
    jail: str, seconds: Seconds, at: Instant, family: str, status: JailStatus = _NO_STATUS
) -> Callable[[str], str | None]:
    """Return what tags stand for where nobody is banned: when a jail begins or ends."""
    known = {
        "ip": "", "fid": "", "ip-rev": "", "ip-host": "", "failures": "0", "time": str(at),
        "bantime": str(round(seconds)) if seconds != FOREVER else "-1", "bancount": "0", "matches": "",
        "ipmatches": "", "ipjailmatches": "", "ipfailures": "0", "ipjailfailures": "0", "restored": "0",
        "family": family, "jail.name": jail, **{tag: str(figure(status)) for tag, figure in _OF_JAIL.items()},
    }  # fmt: skip
    return known.get
