"""Undoes what docs/decisions/0014 describes: half an address is none, and nobody is nobody.

The original makes an address, or a text, of any id with a slash or brackets, and takes an empty id for one.
Rows about such ids are left with "odd" as their id, on both sides, or, where only one side has them, left
out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from banish.core.sessions import ID_FIELDS
from banish.core.subject import address_of
from compat.rows import Row, Value

_SIGNS: Final = re.compile(r"[/\[\]%]")
"""What stands in and around addresses and nowhere else."""

_LENGTH: Final = re.compile(r"0|[1-9]\d?\d?", re.ASCII)


def settle(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows whose ids are not odd as they are, the others without what is odd about them."""
    return tuple(_settled(row) for row in rows if not _is_nobody(row))


def without_nobodies(rows: Iterable[Row], theirs: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows, but none of connections of which the original has banned nobody.

    With us such a line waits for an id, and makes a failure of a later one.
    """
    told = {_connection(row) for row in theirs if _is_nobody(row)} - {None}
    return tuple(row for row in rows if _connection(row) not in told)


def _connection(row: Row) -> Value | None:
    return dict(row.fields).get("mlfid")


def are_alike(theirs: Sequence[Row], ours: Sequence[Row], undated: Mapping[str, frozenset[str]]) -> bool:
    """Whether nothing is different but whole lines of the evidence that read the same without their dates.

    Of equal lines, one of them skipped, the original takes out the wrong one, which shows if their dates
    differ. And it tells a line without a date with that of an earlier one, as which it may stand in the log.
    """
    return _are_alike_but_lines(theirs, ours, lambda row, other: _tell_the_same(row, other, undated))


def are_earlier(theirs: Sequence[Row], ours: Sequence[Row], log: Sequence[str]) -> bool:
    """Whether nothing is different but lines of the evidence, for which the original tells earlier ones.

    After a match that names nobody it looks at the lines that are left, and counts places among all.
    """

    def tell_earlier(row: Row, other: Row) -> bool:
        pairs = zip(row.lines, other.lines, strict=True)
        return all(line in log[: _last(log, mine) + 1] for line, mine in pairs)

    return _are_alike_but_lines(theirs, ours, tell_earlier)


def _are_alike_but_lines(
    theirs: Sequence[Row], ours: Sequence[Row], tell: Callable[[Row, Row], bool]
) -> bool:
    """Whether rows are equal but for their evidence, and that of each pair, as long, passes a test."""
    return len(theirs) == len(ours) and all(
        row._replace(lines=()) == other._replace(lines=())
        and len(row.lines) == len(other.lines)
        and tell(row, other)
        for row, other in zip(theirs, ours, strict=True)
    )


def _last(log: Sequence[str], line: str) -> int:
    return max((at for at, each in enumerate(log) if each == line), default=-1)


def _tell_the_same(theirs: Row, ours: Row, undated: Mapping[str, frozenset[str]]) -> bool:
    if not any(name.startswith("skiplines") for name, _ in theirs.fields):
        return all(
            line == mine or mine in undated.get(line, ())
            for line, mine in zip(theirs.lines, ours.lines, strict=True)
        )
    left = list((Counter(ours.lines) - Counter(theirs.lines)).elements())
    for line in sorted((Counter(theirs.lines) - Counter(ours.lines)).elements(), key=len, reverse=True):
        mine = next((each for each in left for rest in undated.get(line, ()) if _fits(each, rest)), None)
        if mine is None:
            return False
        left.remove(mine)
    return True


def _fits(line: str, rest: str) -> bool:
    """Whether a line is this, with a date put in somewhere or without."""
    pairs = enumerate(zip(line, rest, strict=False))
    head = next((at for at, (one, other) in pairs if one != other), min(len(line), len(rest)))
    return len(line) >= len(rest) and line.endswith(rest[head:])


def _is_nobody(row: Row) -> bool:
    """Whether there is nothing that could be an id, or what there is counts for one side only."""
    fields = dict(row.fields)
    return not any(fields.get(name) for name in ID_FIELDS) or _is_address_as_name(fields)


def _is_address_as_name(fields: dict[str, Value]) -> bool:
    """Whether an address stands where a name should, in a way in which no name could."""
    name = fields.get("dns")
    if fields.get("ip4") or fields.get("ip6") or not isinstance(name, str):
        return False
    return bool(re.search(r"[:\[\n]", name)) and address_of(name.strip().strip("[]")) is not None


def _settled(row: Row) -> Row:
    fields = dict(row.fields)
    if not (_has_odd_id(fields) or _is_odd_address(fields)):
        return row
    fields.pop("ip", None)
    return row._replace(who="odd", fields=tuple(sorted(fields.items())))


def _has_odd_id(fields: dict[str, Value]) -> bool:
    fid = fields.get("fid")
    return fid == "" or (isinstance(fid, str) and not _is_plain(fid))


def _is_odd_address(fields: dict[str, Value]) -> bool:
    """Whether the address of a failure is written in a way that the two read differently."""
    text = next((fields[name] for name in ("ip4", "ip6", "dns") if fields.get(name)), "")
    if not isinstance(text, str):
        return True
    cidr = fields.get("cidr")
    address = address_of(text)
    as_ipv4 = address is not None and address.version == 4 and ":" in text
    return not _is_plain(f"{text}/{cidr}" if cidr else text) or (as_ipv4 and bool(cidr))


def _is_plain(text: str) -> bool:
    """Whether it is text without the signs of an address, or an address and a length that it can have."""
    head, _, length = text.partition("/")
    if not _SIGNS.search(text):
        return True
    address = address_of(head)
    if address is None or _SIGNS.search(head) or not _LENGTH.fullmatch(length):
        return False
    return int(length) <= address.max_prefixlen
