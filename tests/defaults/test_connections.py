"""The default filter for sshd, connection by connection: which failures the lines of one come to.

The verdicts are those of fail2ban 1.0.2 unless a test says otherwise.
"""

from datetime import UTC

import pytest

from banish.adapters.tree import DEFAULTS, DirectoryFiles, services
from banish.compat.files import MemoryFiles, Overlay
from banish.compat.jails import read
from banish.core.match import Mode, Scanner
from banish.core.model import Cursor, Instant, Lines
from banish.core.rules import Calendar, compile_config

NOON = Instant(1767268800)  # 2026-01-01 12:00:00 UTC

CONNECTION = "Connection from 192.0.2.1 port 22 on 198.51.100.1 port 22"
KEY = "Failed publickey for root from 192.0.2.1 port 22 ssh2: RSA SHA256:abc"
TOO_MANY = "Disconnecting: Too many authentication failures for root [preauth]"
PAM = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1"
PASSWORD = "Failed password for {} from 192.0.2.1 port 22 ssh2"
ACCEPTED = "Accepted password for {} from 192.0.2.1 port 22 ssh2"
CLOSED = "Connection closed by 192.0.2.1 port 22 [preauth]"
BYE = "Received disconnect from 192.0.2.1: 11: Bye Bye [preauth]"
LOCKED = "User root not allowed because account is locked"
NO_BANNER = "error: kex_exchange_identification: Connection closed by remote host"
NO_KEX = "fatal: Unable to negotiate a key exchange method [preauth]"


def failures(mode: str, *lines: str, options: str = "", before: str = "web sshd[7]: ") -> list[str]:
    """Return whom each failure blames, with the number of lines that speak for it."""
    text = f"[sshd]\nfilter = sshd[mode={mode}{options}]\n"
    reading = read(Overlay(MemoryFiles({"jail.local": text}), DirectoryFiles(DEFAULTS)), services())
    program, problems = compile_config(reading.config, Calendar(UTC, 2026))
    assert () == (*reading.problems, *problems)
    block = "".join(f"2026-01-01T12:00:00Z {before}{line}\n" for line in lines).encode()
    hits = Scanner(program, Mode.LIVE).scan(
        Lines("log", block, Cursor("log", "0"), live=True), ["sshd"], NOON
    )
    return [f"{hit.subject} {len(hit.lines)}" for hit in hits.hits]


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ([], [CONNECTION, ACCEPTED.format("anna")]),
        ([], [f"{PAM}  user=anna", f"{PAM}  user=anna", ACCEPTED.format("anna"), CLOSED]),
        ([], [KEY, KEY, ACCEPTED.format("root"), CLOSED]),
        (["192.0.2.1 3"], [KEY, KEY, TOO_MANY, CLOSED]),
        (["192.0.2.1 2"], [CONNECTION, TOO_MANY]),
        (["192.0.2.1 2"], [TOO_MANY, CLOSED]),
        (["192.0.2.1 2"], [LOCKED, BYE]),
        (["192.0.2.1 1"], [PASSWORD.format("anna"), ACCEPTED.format("anna")]),
    ],
)
def test_a_connection_is_judged_by_how_it_ends(expected: list[str], lines: list[str]) -> None:
    assert expected == failures("normal", *lines)


def test_who_gets_in_after_trying_another_name_has_failed_all_the_same() -> None:
    lines = [f"{PAM}  user=root", f"{PAM}  user=root", ACCEPTED.format("anna"), CLOSED]
    assert ["192.0.2.1 3"] == failures("normal", *lines)
    assert ["192.0.2.1 1"] * 2 == failures("normal", PASSWORD.format("root"), ACCEPTED.format("anna"), BYE)


def test_what_a_login_ended_does_not_come_back() -> None:
    lines = [
        PASSWORD.format("root"),
        ACCEPTED.format("anna"),
        BYE,
        "Disconnected from user anna 192.0.2.1 port 22",
    ]
    assert 2 == len(failures("normal", *lines))


@pytest.mark.parametrize(
    ("mode", "line"), [("normal", TOO_MANY), ("extra", TOO_MANY), ("ddos", NO_BANNER), ("extra", NO_KEX)]
)
def test_a_failure_without_an_address_waits_for_one(mode: str, line: str) -> None:
    """Differs: fail2ban looks at the last line of a connection in some modes only."""
    closed = CLOSED.removesuffix(" [preauth]")
    assert ["192.0.2.1 2"] == failures(mode, CONNECTION, line, closed)
    assert ["192.0.2.1 2"] == failures(mode, line, closed)
    assert [] == failures(mode, line)


@pytest.mark.parametrize(("mode", "count"), [("normal", 1), ("ddos", 2), ("extra", 2), ("aggressive", 2)])
def test_giving_up_counts_in_some_modes(mode: str, count: int) -> None:
    gone = "Disconnected from invalid user bob 192.0.2.1 port 22 [preauth]"
    assert count == len(failures(mode, "Invalid user bob from 192.0.2.1 port 22", BYE, gone))


def test_connections_that_the_listener_ends_are_not_taken_for_one() -> None:
    def timeout(address: str) -> str:
        return f"Timeout before authentication for connection from {address} to 198.51.100.1, pid = 7"

    assert ["192.0.2.1 1", "2001:db8::7 1", "192.0.2.2 1"] == failures(
        "ddos", *(timeout(address) for address in ("192.0.2.1", "2001:db8::7", "192.0.2.2"))
    )


def test_lines_without_a_process_number_are_not_joined() -> None:
    assert ["192.0.2.1 1"] * 2 == failures("normal", *[PASSWORD.format("root")] * 2, before="web sshd: ")
    assert [] == failures("normal", CONNECTION, TOO_MANY, before="web sshd: ")


@pytest.mark.parametrize(
    ("logtype", "line"),
    [
        ("file", "2026-01-01T12:00:00Z web sshd[5]: {}"),
        ("journal", "2026-01-01T12:00:00Z web sshd[5]: {}"),
        ("rfc5424", "<38>1 2026-01-01T12:00:00Z web sshd 5 - - {}"),
        ("rfc5424", '<38>1 2026-01-01T12:00:00Z web sshd 5 ID4 [a@1 b="]\\""][c] {}'),
        ("rfc5424", "<38>1 2026-01-01T12:00:00Z web sshd - - - {}"),
        ("short", "2026-01-01T12:00:00Z {}"),
    ],
)
def test_lines_may_look_in_several_ways(logtype: str, line: str) -> None:
    def found(text: str) -> list[str]:
        program, _ = compile_config(reading.config, Calendar(UTC, 2026))
        lines = Lines("log", f"{line.format(text)}\n".encode(), Cursor("log", "0"), live=False)
        hits = Scanner(program, Mode.REPLAY).scan(lines, ["sshd"], NOON).hits
        return [f"{hit.subject} {hit.at - NOON:.0f}" for hit in hits]

    text = f"[sshd]\nfilter = sshd[logtype={logtype}]\n"
    reading = read(Overlay(MemoryFiles({"jail.local": text}), DirectoryFiles(DEFAULTS)), services())
    assert ["192.0.2.1 0"] == found(PASSWORD.format("root"))
    assert [] == found(f"other: {PASSWORD.format('root')}")
    assert ["192.0.2.1 0"] == found(f"Invalid user {line.format('x from 6.6.6.6')} from 192.0.2.1 port 22")
