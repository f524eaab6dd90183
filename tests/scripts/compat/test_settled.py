"""Odd ids are set apart; all others have to be equal."""

from __future__ import annotations

import pytest
from compat.rows import Row, Value
from compat.settled import are_alike, are_earlier, settle, without_nobodies


def row(who: str, **fields: Value) -> Row:
    return Row(who, 1.0, tuple(sorted(fields.items())), ("a line",))


@pytest.mark.parametrize(
    "one",
    [
        row("192.0.2.1", ip4="192.0.2.1"),
        row("2001:db8::1", ip6="2001:DB8::1"),
        row("192.0.2.0/24", ip4="192.0.2.1", cidr="24"),
        row("192.0.2.0/24", fid="192.0.2.1/24"),
        row("anna", fid="anna", ip4="192.0.2.1", ip="192.0.2.1"),
        row("a.example", dns="a.example"),
        row("999.1.1.1", ip4="999.1.1.1"),
    ],
)
def test_plain_ids_stay(one: Row) -> None:
    assert (one,) == settle([one])


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (row("mail", fid="mail/1"), row("mail/1", fid="mail/1")),
        (row("mail", fid="[mail]"), row("[mail]", fid="[mail]")),
        (row("192.0.0.0/3", ip4="192.0.2.7", cidr="٣"), row("192.0.2.7", ip4="192.0.2.7", cidr="٣")),
        (
            row("::/24", ip6="::ffff:c000:201", cidr="24"),
            row("192.0.2.0/24", ip6="::ffff:c000:201", cidr="24"),
        ),
        (row("", fid="", ip4="192.0.2.1", ip="192.0.2.1"), row("192.0.2.1", fid="", ip4="192.0.2.1")),
        (row("192.0.2.7", fid="192.0.2.7/33"), row("192.0.2.7/33", fid="192.0.2.7/33")),
    ],
)
def test_odd_ids_are_one(theirs: Row, ours: Row) -> None:
    assert theirs != ours
    assert settle([theirs]) == settle([ours])
    assert settle([theirs]) != settle([ours._replace(at=2.0)])


def test_nobody_is_left_out() -> None:
    assert () == settle(
        [
            row("", fid=""),
            row("", user="anna"),
            row("::1", dns="::1"),
            row("x", dns="[::1"),
            row("x", dns="[::1]"),
        ]
    )


def test_beside_skipped_lines_another_of_equal_lines_may_be_told() -> None:
    skipping, other = row("a", skiplines0="x\n"), row("a", skiplines0="x\n")
    undated = {"a line": frozenset({"aline"})}
    for line in ("a line", "a 10:00 line", "aline"):
        assert are_alike([skipping], [other._replace(lines=(line,))], undated)
    pair = (("a line", "x"), ("x", "a line"))
    assert are_alike([skipping._replace(lines=pair[0])], [other._replace(lines=pair[1])], undated)
    for lines in (("a lines",), ("aine",), ("a line", "a line"), ()):
        assert not are_alike([skipping], [other._replace(lines=lines)], undated)
    assert not are_alike([skipping], [other._replace(at=2.0)], undated)
    assert not are_alike([skipping], [], undated)


def test_evidence_may_be_that_of_earlier_lines() -> None:
    log, ours = ("a", "b", "c", "b"), row("a")._replace(lines=("a", "c"))
    for lines in ("ab", "ac", "aa"):
        assert are_earlier([ours._replace(lines=tuple(lines))], [ours], log)
    for lines in ("bc", "ad", "a", "abc"):
        assert not are_earlier([ours._replace(lines=tuple(lines))], [ours], log)
    assert not are_earlier([ours._replace(at=2.0)], [ours], log)
    assert not are_earlier([], [ours], log)


def test_otherwise_only_a_borrowed_date_may_be_missing() -> None:
    plain, undated = row("a"), {"a line": frozenset({"aline"})}
    assert are_alike([plain], [plain._replace(lines=("aline",))], undated)
    assert not are_alike([plain], [plain._replace(lines=("a 10:00 line",))], undated)
    assert not are_alike([plain], [plain._replace(lines=("aline",))], {})


def test_connections_of_which_nobody_was_banned_are_left_out() -> None:
    nobody, plain = row("", fid="", mlfid="1"), row("a", fid="a", mlfid="1")
    other, single = row("a", mlfid="2"), row("a")
    assert (other, single) == without_nobodies([plain, other, single], [nobody, plain])
    assert (plain, single) == without_nobodies([plain, single], [plain, row("", fid="")])
