from __future__ import annotations

import io
from datetime import UTC

from banish.adapters.logs.readable import OperatorLog, operator_line
from banish.compat.loglines import INFO, LogLine
from banish.core.model import Instant, Note, Subject, Topic

WHO = Subject("192.0.2.50")
AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", WHO, values={"failures": 5, "until": AT + 600})
FOUND = Note(Topic.FOUND, AT, "alpha", WHO)


def test_an_event_is_one_line_of_keys_and_values() -> None:
    expected = "banned jail=alpha address=192.0.2.50 failures=5 until=2025-11-20T21:22:51+00:00"
    assert expected == operator_line(BANNED, UTC)


def test_values_with_blanks_are_quoted() -> None:
    note = Note(Topic.SPARED, AT, "alpha", WHO, "logged in over ssh as anna")
    assert operator_line(note, UTC).endswith('why="logged in over ssh as anna"')


def test_what_an_attacker_wrote_cannot_begin_a_line_of_its_own() -> None:
    note = Note(Topic.TROUBLE, AT, text="odd line: x\nbanned jail=sshd address=198.51.100.1")
    assert "\n" not in operator_line(note, UTC)


def test_what_an_attacker_wrote_is_cut() -> None:
    assert len(operator_line(Note(Topic.TROUBLE, AT, text="x y" * 10_000), UTC)) < 600


def test_a_ban_without_an_end_says_never() -> None:
    note = Note(Topic.BANNED, AT, "alpha", WHO, values={"until": "never"})
    assert operator_line(note, UTC).endswith("until=never")


def test_figures_are_short() -> None:
    assert "a=1.5" in operator_line(Note(Topic.TROUBLE, AT, values={"a": 1.5}), UTC)


def test_the_operator_reads_a_line_for_each_event_and_nothing_else() -> None:
    stream = io.StringIO()
    log = OperatorLog(stream, UTC)
    log.note(FOUND)
    log.line(LogLine("server", INFO, "started"))
    log.note(BANNED)
    assert not log.reopen()
    log.close()
    assert ["found", "banned"] == [line.split()[0] for line in stream.getvalue().splitlines()]
