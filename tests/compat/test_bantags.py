"""What the tags of an action stand for."""

from __future__ import annotations

import pytest

from banish.compat.bantags import Event, value_of_jail
from banish.core.jail import JailStatus
from banish.core.model import FOREVER, NEVER, Ban, Evidence, Instant, Seconds, Subject

BAN = Ban(
    "j", Subject("192.0.2.1"), Instant(100), Instant(700), 3, 2,
    evidence=(Evidence(Instant(98), 0, ("one", "two")), Evidence(Instant(99), 1, ("three",))),
    fields={"user": "root", "fport": "22", "fid": (None, "x")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("ip", "192.0.2.1"), ("fid", "192.0.2.1"), ("family", "inet4"), ("ip-rev", "1.2.0.192."),
        ("ip-host", "None"), ("failures", "3"), ("ipfailures", "3"), ("time", "99"), ("bantime", "600"),
        ("bancount", "2"), ("matches", "one\ntwo\nthree"), ("restored", "0"), ("jail.name", "j"),
        ("F-USER", "root"), ("F-PORT", "22"), ("F-ID", "(None, 'x')"), ("F-NONE", ""),
        ("unknown", None), ("raw-ticket", "j 192.0.2.1"),
    ],
)  # fmt: skip
def test_a_ban_is_told(tag: str, value: str | None) -> None:
    assert value == Event(BAN).value_of(tag)


def test_a_ban_of_somebody_without_address_and_end() -> None:
    event = Event(Ban("j", Subject("session7"), Instant(5.5), NEVER), is_restored=True, host="h")
    told = [
        event.value_of(tag) for tag in ("ip", "family", "ip-rev", "bantime", "time", "restored", "ip-host")
    ]
    assert ["session7", "None", "", "-1", "5.5", "1", "h"] == told
    assert "" == event.family
    assert "inet6" == Event(Ban("j", Subject("2001:db8::1"), Instant(5), NEVER)).family


def test_who_has_another_name_is_known_by_his_address() -> None:
    ban = Ban("j", Subject("session7"), Instant(5), NEVER, fields={"ip6": "2001:DB8::1"})
    event = Event(ban)
    assert ["2001:db8::1", "session7", "inet6"] == [event.value_of(tag) for tag in ("ip", "fid", "family")]
    assert (event.value_of("ip-rev") or "").startswith("1.0.0.0.")


def test_earlier_bans_are_told_of_all_jails_and_of_this_one() -> None:
    def earlier(jail: str, at: float, line: str) -> Ban:
        return Ban(
            jail, BAN.subject, Instant(at), Instant(at + 1), 2, evidence=(Evidence(Instant(at), 0, (line,)),)
        )

    event = Event(BAN, past=(BAN, earlier("other", 50, "b"), earlier("j", 40, "a")), most_lines=4)
    told = {tag: event.value_of(f"ip{tag}") for tag in ("matches", "failures", "jailmatches", "jailfailures")}
    assert {
        "matches": "b\none\ntwo\nthree", "failures": "7",
        "jailmatches": "a\none\ntwo\nthree", "jailfailures": "5",
    } == told  # fmt: skip
    assert "" == Event(BAN, most_lines=0).value_of("ipmatches")


def test_the_figures_of_the_jail_are_told() -> None:
    status = JailStatus("j", failing=1, failures=2, banned=3, bans=4)
    told = Event(BAN, status=status).values()
    assert ["3", "4", "1", "2"] == [
        told[f"jail.{figure}"] for figure in ("banned", "banned_total", "found", "found_total")
    ]
    assert "192.0.2.1" == told["ip"]
    assert "4" == value_of_jail("j", Seconds(1), Instant(5), "", status)("jail.banned_total")


def test_where_nobody_is_banned_little_is_told() -> None:
    value = value_of_jail("j", Seconds(600), Instant(5), "inet4")
    assert ["", "inet4", "600", "j", None] == [
        value(tag) for tag in ("ip", "family", "bantime", "jail.name", "x")
    ]
    assert "-1" == value_of_jail("j", FOREVER, Instant(5), "")("bantime")
