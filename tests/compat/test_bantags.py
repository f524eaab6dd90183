"""What the tags of an action stand for."""

from __future__ import annotations

import pytest

from banish.compat.bantags import Event, value_of_jail
from banish.core.model import NEVER, Ban, Evidence, Instant, Subject

BAN = Ban(
    "j", Subject("192.0.2.1"), Instant(100), Instant(700), 3, 2,
    evidence=(Evidence(Instant(98), 0, ("one", "two")), Evidence(Instant(99), 1, ("three",))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("ip", "192.0.2.1"), ("fid", "192.0.2.1"), ("family", "inet4"), ("ip-rev", "1.2.0.192."),
        ("ip-host", "None"), ("failures", "3"), ("ipfailures", "3"), ("time", "99"), ("bantime", "600"),
        ("bancount", "2"), ("matches", "one\ntwo\nthree"), ("restored", "0"), ("jail.name", "j"),
        ("F-USER", ""), ("unknown", None), ("raw-ticket", "j 192.0.2.1"),
    ],
)  # fmt: skip
def test_a_ban_is_told(tag: str, value: str | None) -> None:
    assert value == Event(BAN).value_of(tag)


def test_a_ban_of_somebody_without_address_and_end() -> None:
    event = Event(Ban("j", Subject("session7"), Instant(5), NEVER), is_restored=True, host="h")
    told = [
        event.value_of(tag) for tag in ("ip", "family", "ip-rev", "bantime", "time", "restored", "ip-host")
    ]
    assert ["session7", "None", "", "-1", "5", "1", "h"] == told
    assert "" == event.family
    assert "inet6" == Event(Ban("j", Subject("2001:db8::1"), Instant(5), NEVER)).family


def test_where_nobody_is_banned_little_is_told() -> None:
    value = value_of_jail("j", 600, 5.0, "inet4")
    assert ["", "inet4", "600", "j", None] == [
        value(tag) for tag in ("ip", "family", "bantime", "jail.name", "x")
    ]
    assert "-1" == value_of_jail("j", float("inf"), 5.0, "")("bantime")
