"""Connections told in several lines: the table of the specification, checked against fail2ban 1.0.2."""

from __future__ import annotations

import pytest

from banish.core.model import Field, Instant
from banish.core.sessions import LINE_CHARS, LINES_CAP, USERS_CAP, Sessions, Verdict
from banish.core.window import Line

CONTROLS = {
    "conn": ("nofail",),
    "note": ("nofail",),
    "fail": (),
    "failip": (),
    "soft": ("nofail",),
    "close": ("mlfforget",),
    "ok": ("mlfgained", "mlfforget"),
    "in": ("mlfgained",),
    "bye": ("nofail", "mlfforget"),
}
"""What the filter of these dialogues says about a line, by its first word."""

WITH_ADDRESS = {"conn", "failip", "soft", "bye"}


class Connection:
    """One connection; `says` gives it a line and returns the number of lines in the failure it causes."""

    def __init__(self, sessions: Sessions | None = None, key: str = "c") -> None:
        self.sessions, self.key = Sessions() if sessions is None else sessions, key
        self.fields: dict[str, Field] = {}
        self.lines: tuple[str, ...] = ()

    def says(self, line: str, at: float = 0) -> int:
        word, _, user = line.partition(" ")
        found: dict[str, Field | None] = dict.fromkeys(CONTROLS[word], "x")
        found |= {"user": user or None, "ip4": "192.0.2.1" if word in WITH_ADDRESS else None}
        told = self.sessions.merge(self.key, found, (Line("", "", line),), Instant(at))
        self.verdict = told.verdict
        if told.verdict is Verdict.FAILURE:
            self.fields = {name: value for name, value in told.fields.items() if value is not None}
            self.lines = tuple(each.whole for each in told.lines)
        return len(told.lines)


@pytest.mark.parametrize(
    ("dialogue", "failures"),
    [
        ("conn, fail u1, fail u1, fail u2, close", (0, 2, 1, 1, 1)),
        ("fail u1, fail u1, conn, fail u1", (0, 0, 3, 1)),
        ("fail u1, fail u2, bye", (0, 0, 3)),
        ("fail u1, close, conn", (0, 0, 0)),
        ("failip u1, ok u1", (1, 0)),
        ("failip u1, ok u2", (1, 1)),
        ("fail u1, ok u1, conn", (0, 0, 0)),
        ("soft u1, soft u1, soft u2, soft u2", (0, 0, 3, 1)),
        # beyond the table
        ("failip u1, in u1, fail u1", (1, 0, 2)),
        ("fail u1, in u1, conn", (0, 0, 0)),
        ("fail u1, in u2, conn", (0, 0, 2)),
        ("close, failip u1", (0, 1)),
        ("ok u1, failip u2", (0, 1)),
        ("bye u1, soft u2", (0, 0)),
        ("conn, ok u1, fail u1", (0, 0, 0)),
        ("note, failip u1", (0, 2)),
    ],
)
def test_what_becomes_of_a_connection(dialogue: str, failures: tuple[int, ...]) -> None:
    connection = Connection()
    assert failures == tuple(connection.says(line) for line in dialogue.split(", "))


def test_a_failure_has_all_that_is_known_of_its_connection() -> None:
    connection = Connection()
    connection.says("conn")
    connection.says("fail anna")
    assert {"ip4": "192.0.2.1", "user": "anna", "users": ("anna",)} == connection.fields
    assert ("conn", "fail anna") == connection.lines
    connection.says("fail bert")
    assert {"ip4": "192.0.2.1", "user": "bert", "users": ("anna", "bert")} == connection.fields


def test_without_users_none_are_told() -> None:
    connection = Connection()
    connection.says("conn")
    connection.says("fail")
    assert {"ip4": "192.0.2.1"} == connection.fields


def test_a_second_name_may_have_several_parts() -> None:
    sessions = Sessions()
    names: tuple[Field, ...] = (("a", None), ("a", None), ("b", None))
    told = [
        sessions.merge("c", {"user": user, "ip4": "x", "nofail": "x"}, (Line("", "", ""),), Instant(0))
        for user in names
    ]
    assert [Verdict.FORGIVEN, Verdict.FORGIVEN, Verdict.FAILURE] == [one.verdict for one in told]
    assert ("('a', None)", "('b', None)") == told[-1].fields["users"]


def test_an_empty_user_name_is_nobodys_second_name() -> None:
    sessions = Sessions()
    for user in ("anna", ""):
        told = sessions.merge("c", {"user": user, "ip4": "x", "nofail": "x"}, (Line("", "", ""),), Instant(0))
        assert Verdict.FORGIVEN is told.verdict


def test_groups_that_took_no_part_are_known_of_the_first_line_only() -> None:
    sessions = Sessions()
    told = sessions.merge("c", {"ip4": None, "ip6": "::1", "nofail": None}, (Line("", "", ""),), Instant(0))
    assert {"ip4": None, "ip6": "::1"} == told.fields
    told = sessions.merge("c", {"ip6": None, "user": None, "fid": "x"}, (Line("", "", ""),), Instant(0))
    assert {"ip4": None, "ip6": "::1", "fid": "x"} == told.fields


def test_a_failure_waits_until_somebody_is_to_blame() -> None:
    connection = Connection()
    verdicts = [(connection.says(line), connection.verdict)[1] for line in ("fail u1", "conn")]
    assert [Verdict.PENDING, Verdict.FAILURE] == verdicts


def test_connections_do_not_mix() -> None:
    sessions = Sessions()
    anna, bert = Connection(sessions, "a"), Connection(sessions, "b")
    assert 0 == anna.says("conn")
    assert 0 == bert.says("fail u1")
    assert 2 == anna.says("fail u1")
    assert 2 == len(sessions)


def test_a_connection_lives_five_minutes_from_its_first_line_pitfall_26() -> None:
    connection = Connection()
    connection.says("conn", at=1000)
    assert 2 == connection.says("fail u1", at=1300)
    assert 0 == connection.says("fail u1", at=1301)


def test_beyond_the_cap_the_oldest_connection_is_forgotten() -> None:
    sessions = Sessions()
    connections = [Connection(sessions, str(number)) for number in range(101)]
    for connection in connections:
        connection.says("conn")
    assert 100 == len(sessions)
    assert 2 == connections[1].says("fail u1")
    assert 0 == connections[0].says("fail u1")


def test_the_end_of_an_unknown_connection_is_not_remembered() -> None:
    connection = Connection()
    connection.says("close")
    connection.says("bye")
    assert 0 == len(connection.sessions)


def test_what_is_remembered_of_a_connection_has_a_cap() -> None:
    connection = Connection()
    for _ in range(LINES_CAP + 5):
        connection.says("note")
    assert LINES_CAP == connection.says("failip 0")
    assert "failip 0" == connection.lines[-1]
    for number in range(USERS_CAP + 5):
        connection.says(f"failip {number}")
    users = connection.fields["users"]
    assert USERS_CAP == len(users)


def test_an_endless_line_is_cut() -> None:
    connection = Connection()
    connection.says("failip " + "x" * 5000)
    assert [LINE_CHARS] == [len(line) for line in connection.lines]


def test_waiting_lines_have_a_cap_too() -> None:
    connection = Connection()
    for _ in range(LINES_CAP + 5):
        connection.says("fail u1")
    assert LINES_CAP == connection.says("conn")


def test_a_match_over_several_lines_tells_all_of_them() -> None:
    sessions = Sessions()
    one, two, three = (Line("", "", text) for text in ("one", "two", "three"))
    assert () == sessions.merge("c", {"nofail": "x"}, (one, two), Instant(0)).lines
    assert (one, two, three, one) == sessions.merge("c", {"ip4": "192.0.2.7"}, (three, one), Instant(0)).lines
