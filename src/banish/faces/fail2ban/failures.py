"""One failure as the command shows it: an identifier, a time, fields and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from banish.core.identity import address_in
from banish.core.model import Field, Instant
from banish.core.sessions import Verdict
from banish.core.trial import Finding
from banish.core.window import Line
from banish.faces.fail2ban.names import Names

Id: TypeAlias = "str | tuple[str | None, ...] | None"

_SETS: Final = frozenset({"users"})
"""Fields in which the order of the parts means nothing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What one expression found; `id` is absent while nobody is to blame."""

    rule: int
    id: Id
    at: Instant | None
    verdict: Verdict
    fields: dict[str, Field | None]
    lines: tuple[Line, ...]

    @property
    def ip(self) -> Id:
        """Where it came from, which need not be what it is counted under."""
        return self.fields.get("ip") or self.id

    def text(self, name: str) -> str:
        """Return a field, or all lines under the name `matches`."""
        if name == "matches":
            return repr([tuple(line) for line in self.lines])
        value = self.fields.get(name)
        return value if isinstance(value, str) else literal(name, value)


def failures(finding: Finding, names: Names) -> Iterator[Failure]:
    """Yield the failures that a finding means: one, or one for each address of a name."""
    for who in _ids(finding, names):
        fields = {name: value for name, value in finding.told.fields.items() if value or name != "nofail"}
        if (
            fields.get("fid")
            and isinstance(who, str)
            and (ip := address_in(finding.told.fields)) not in {"", who}
        ):
            fields["ip"] = ip
        yield Failure(finding.rule, who, finding.at, finding.told.verdict, fields, finding.told.lines)


def _ids(finding: Finding, names: Names) -> Iterator[Id]:
    who, fid = finding.who, finding.told.fields.get("fid")
    if who is None:
        yield None
    elif isinstance(fid, tuple):
        yield fid
    elif who.is_name:
        yield from names.addresses(who.subject)
    else:
        yield who.subject


def dated(failure: Failure, now: Instant) -> Failure:
    """Return the failure with a time: its own, or the present if it has none."""
    return failure if failure.at is not None else replace(failure, at=now)


def literals(fields: Mapping[str, Field | None]) -> str:
    """Return fields as Python writes a dictionary."""
    return f"{{{', '.join(f'{name!r}: {literal(name, value)}' for name, value in fields.items())}}}"


def literal(name: str, value: Field | None) -> str:
    """Return a field as Python writes it."""
    if name in _SETS and isinstance(value, tuple):
        return f"{{{', '.join(map(repr, value))}}}"
    return repr(value)
