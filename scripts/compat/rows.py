"""What came of a log: rows of failures, in words that both programs can be brought to.

Brought to, not smoothed over (docs/decisions/0013): fields without a value are left out; the users of a
connection, a set there and a sorted tuple here, are compared as sorted texts; `ip`, which the original adds
to a failure whose id is not its address, is worked out from the fields of ours; `::1.2.3.4` is `::102:304`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Final, NamedTuple, TypeAlias

from banish.core.identity import address_in
from banish.core.model import Field, Instant
from banish.core.sessions import LINE_CHARS, LINES_CAP
from compat.case import NOW

Value: TypeAlias = "str | tuple[str | None, ...]"

_COMPATIBLE: Final = re.compile(r"::\d+(?:\.\d+){3}")
"""An IPv6 address with an IPv4 one at its end, as the C library writes it."""


class Row(NamedTuple):
    """One failure; `at` is absent where the line has no date."""

    who: str
    at: float | None
    fields: tuple[tuple[str, Value], ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """All failures in order; `refused` and `died` hold what was said instead of going on.

    `undated` tells of lines of the evidence what they are without their dates, where that is known.
    """

    rows: tuple[Row, ...] = ()
    refused: str = ""
    died: str = ""
    undated: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)


def theirs(text: str, matches: str | None, log: frozenset[str]) -> Outcome:
    """Read the rows that `-o row` prints, and the lines that `-o matches` prints for them, if it was asked.

    `log` holds the lines as they stand in the log.
    """
    rows = [_row(line) for line in text.split("\n") if line]
    if matches is None:
        return Outcome(tuple(rows))
    undated: defaultdict[str, set[str]] = defaultdict(set)
    joined = [_lines(line, log, undated) for line in matches.split("\n") if line]
    return Outcome(
        tuple(row._replace(lines=lines) for row, lines in zip(rows, joined, strict=True)),
        undated={line: frozenset(rests) for line, rests in undated.items()},
    )


def _row(text: str) -> Row:
    who, at, fields = ast.literal_eval(text.rstrip(","))
    present = {name: _value(value) for name, value in fields.items() if value is not None}
    captured = present.get("ip4") or present.get("ip6") or present.get("dns")
    if "mlfid" in present and present.get("fid") == captured:
        present.pop("ip", None)  # that of an earlier failure of the connection
    return _made(str(who), at, present)


def _value(value: object) -> Value:
    if isinstance(value, set):
        return tuple(sorted(map(str, value)))
    return value if isinstance(value, tuple) else str(value)


def _lines(text: str, log: frozenset[str], undated: defaultdict[str, set[str]]) -> tuple[str, ...]:
    """Read lines in three parts: what is before the date, the date, what is behind it.

    Where a line has no date, the original tells that of an earlier one, which stands nowhere in it.
    """
    lines = []
    for before, date, after in ast.literal_eval(text):
        whole, rest = f"{before}{date or ''}{after}", f"{before}{after}"
        lines.append(rest if whole not in log and rest in log else whole)
        undated[lines[-1]].add(rest)
    return cut(lines)


def cut(lines: Iterable[str]) -> tuple[str, ...]:
    """Cut evidence to what ours keeps of a connection."""
    return tuple(line[:LINE_CHARS] for line in lines)[-LINES_CAP:]


def ours(
    who: str, at: Instant | None, fields: Mapping[str, Field | None], lines: Iterable[str], *, is_raw: bool
) -> Row:
    """Make a row of one of our failures; `is_raw` says that names stand for themselves."""
    present = {name: value for name, value in fields.items() if value is not None}
    address = address_in(present) or (present.get("dns", "") if is_raw else "")
    captured = present.get("ip4") or present.get("ip6") or address
    if "fid" in present and address and captured != present["fid"]:
        present["ip"] = address
    return _made(who, at, present, cut(lines))


def _made(who: str, at: float | None, fields: Mapping[str, Value], lines: tuple[str, ...] = ()) -> Row:
    """Make a row; a line without a date counts as now or has no time, which is all the same here."""
    when = None if at is None or at == NOW else float(at)
    told = dict(fields)
    if (address := told.pop("ip", None)) is not None and address != who:
        told["ip"] = _colons(str(address))
    return Row(_colons(who), when, tuple(sorted(told.items())), lines)


def _colons(address: str) -> str:
    return str(IPv6Address(address)) if _COMPATIBLE.fullmatch(address) else address
