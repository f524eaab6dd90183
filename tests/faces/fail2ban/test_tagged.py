from __future__ import annotations

import socket

import pytest

from banish.core.config import JailConfig
from banish.core.model import FOREVER, Field, Instant, Seconds
from banish.core.sessions import Verdict
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure
from banish.faces.fail2ban.tagged import filled

LINES = (Line("", "then", " <ip> a"), Line("", "", "b"))


def failure(who: str = "192.0.2.1", **fields: Field | None) -> Failure:
    return Failure(0, who, Instant(5.5), Verdict.FAILURE, dict(fields), LINES)


def fill(format_: str, tried: Failure, bantime: Seconds = Seconds(600)) -> list[str]:
    return list(filled(format_, tried, JailConfig("j", bantime=bantime)))


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("<ip>|<fid>|<time>", "192.0.2.1|192.0.2.1|5.5"),
        ("<family> <ip-rev>", "inet4 1.2.0.192."),
        ("<failures> <bantime> <bancount> <restored>", "0 600 0 0"),
        ("<matches>", "then <ip> a\nb"),
        ("<F-USER> <F-DNS>|<F-NOSUCH>|<F-MATCHES>", "anna ||[('', 'then', ' <ip> a'), ('', '', 'b')]"),
        ("a<br>b<sp>c", "a\nb c"),
        ("<nosuch> <F-user> < ip> <host> 1 < 2", "<nosuch> <F-user> < ip> <host> 1 < 2"),
        ("<F-*>", "{'matches': [('', 'then', ' <ip> a'), ('', '', 'b')], 'failures': 0, 'user': 'anna'}"),
        ("<sh-hostname> <fq-hostname>", f"{socket.gethostname()} {socket.getfqdn()}"),
    ],
)
def test_tags_become_what_they_stand_for(format_: str, text: str) -> None:
    assert [text] == fill(format_, failure(user="anna", dns=None))


def test_the_text_is_printed_for_every_line_if_it_shows_lines() -> None:
    assert ["192.0.2.1: then <ip> a", "192.0.2.1: b"] == fill("<ip>: <msg>", failure())


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (
            "2001:db8::/64",
            "inet6 0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2. 2001:db8::/64",
        ),
        ("anna", "None  anna"),
    ],
)
def test_networks_have_a_family_and_names_have_none(who: str, text: str) -> None:
    assert [text] == fill("<family> <ip-rev> <fid>", failure(who))


def test_the_ban_time_is_that_of_the_jail() -> None:
    assert ["-1", "90.5"] == [
        fill("<bantime>", failure(), bantime)[0] for bantime in (FOREVER, Seconds(90.5))
    ]


def test_what_has_no_name_has_none() -> None:
    assert ["None"] == fill("<ip-host>", failure("a" * 300))
