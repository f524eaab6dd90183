from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.surroundings.logins import Login, _records, _session, lives, logind_logins, utmp_logins
from banish.core.model import Subject

V4 = socket.inet_pton(socket.AF_INET, "192.0.2.7") + bytes(12)
V6 = socket.inet_pton(socket.AF_INET6, "2001:db8::7")


def short(kind: int, pid: int, address: bytes, user: bytes = b"anna") -> bytes:
    """Make a record as x86-64 has it."""
    head = pack("=hxxi32s4s32s256s", kind, pid, b"pts/0", b"ts/0", user, b"host")
    return head + pack("=hhiii16s20x", 0, 0, 0, 0, 0, address)


def long(kind: int, pid: int, address: bytes) -> bytes:
    """Make a record as arm64 has it."""
    head = pack("=hxxi32s4s32s256s", kind, pid, b"pts/0", b"ts/0", b"anna", b"host")
    return head + pack("=hhqqq16s20xxxxx", 0, 0, 0, 0, 0, address)


def five(pid: int) -> bool:
    """Say that one process lives."""
    return pid == 5


def login(address: str, how: str = "on pts/0", user: str = "anna") -> Login:
    return Login(Subject(address), how, user, 5)


def test_a_process_lives_whoever_it_belongs_to() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    assert [lives(pid) for pid in (os.getpid(), 1, child, 0, -1, 1 << 70)] == [True, True, *[False] * 4]


def test_a_reason_is_a_sentence_for_people() -> None:
    assert login("192.0.2.7", "over ssh").reason == "logged in over ssh as anna (pid 5)"


def test_the_sizes_are_those_of_glibc() -> None:
    assert (len(short(0, 0, V4)), len(long(0, 0, V4))) == (384, 400)


@pytest.mark.parametrize("record", [short, long])
def test_living_sessions_from_afar_are_seen_in_utmp(
    record: Callable[[int, int, bytes], bytes], tmp_path: Path
) -> None:
    utmp = tmp_path / "utmp"
    boot, gone, dead, local = record(2, 5, V4), record(8, 5, V4), record(7, 6, V4), record(7, 5, bytes(16))
    utmp.write_bytes(boot + gone + dead + local + record(7, 5, V4) + record(7, 5, V6) + record(7, -5, V6))
    assert list(utmp_logins(utmp, five)) == [login("192.0.2.7"), login("2001:db8::7")]


def test_an_address_in_the_clothes_of_ipv6_is_seen_as_what_it_is(tmp_path: Path) -> None:
    mapped = socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.7")
    (tmp_path / "utmp").write_bytes(short(7, 5, mapped, b"\xff\xfe"))
    assert list(utmp_logins(tmp_path / "utmp", five)) == [login("192.0.2.7", user="��")]


@pytest.mark.parametrize("content", [b"", b"x" * 384, b"short", short(7, 5, V4)[:-1]])
def test_a_broken_utmp_has_no_sessions(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "utmp").write_bytes(content)
    assert list(utmp_logins(tmp_path / "utmp", five)) == []


def test_a_system_without_utmp_and_logind_has_no_sessions(tmp_path: Path) -> None:
    assert list(utmp_logins(tmp_path / "utmp", five)) == []
    assert list(logind_logins(tmp_path / "sessions", five)) == []


@given(st.binary(max_size=1000))
def test_no_bytes_make_utmp_raise(content: bytes) -> None:
    list(_records(content))


def test_a_session_that_ends_while_we_look_is_nothing(tmp_path: Path) -> None:
    assert _session(tmp_path / "gone") is None


SESSION = "UID=1000\nUSER=anna\nSTATE=active\nREMOTE=1\nREMOTE_HOST=192.0.2.7\nSERVICE=sshd\nLEADER=5\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SESSION, [login("192.0.2.7", "over sshd")]),
        (SESSION.replace("192.0.2.7", "::ffff:192.0.2.7"), [login("192.0.2.7", "over sshd")]),
        (SESSION.replace("SERVICE=sshd\n", "\xff=\n"), [login("192.0.2.7", "over a session")]),
        (SESSION.replace("active", "closing"), []),
        (SESSION.replace("REMOTE=1", "REMOTE=0"), []),
        (SESSION.replace("192.0.2.7", "host.example"), []),
        (SESSION.replace("LEADER=5", "LEADER=6"), []),
        (SESSION.replace("LEADER=5", "LEADER=../5"), []),
        ("", []),
    ],
)
def test_living_sessions_from_afar_are_seen_in_logind(
    text: str, expected: list[Login], tmp_path: Path
) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    (sessions / "7").write_text(text)
    os.mkfifo(sessions / "7.ref")
    (sessions / "gone").symlink_to(tmp_path / "nowhere")
    assert list(logind_logins(sessions, five)) == expected
