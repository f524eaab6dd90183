from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.scanners import frames
from banish.adapters.scanners.frames import (
    LENGTHS_SIZE,
    Answer,
    Ear,
    Part,
    Ready,
    Refused,
    Task,
    WireHit,
    WireNote,
    pack_answer,
    pack_findings,
    pack_task,
    read_part,
    task_size,
    unpack_task,
)
from banish.core.errors import PeerError
from banish.core.match import Findings
from banish.core.model import Hit, Instant, Note, Subject, Topic

JAILS = ("sshd", "web")


def hit(line: int = 0, **change: object) -> Hit:
    usual: dict[str, object] = {
        "jail": "sshd",
        "subject": Subject("192.0.2.1"),
        "at": Instant(1.5),
        "rule": 3,
    }
    return Hit(**{**usual, "line": line, **change})  # type: ignore[arg-type]  # the usual ones are right


def told(findings: Findings, lines: int, jails: Sequence[str] = JAILS) -> Findings:
    """Send findings through the wire."""
    ear, heard = Ear(), Findings()
    for packed in pack_findings(7, findings, JAILS):
        for answer in ear.hear(packed):
            assert isinstance(answer, Part)
            assert 7 == answer.number
            read_part(answer, heard, jails, JAILS, range(lines))
    return heard


def test_a_task_and_its_block_come_back_as_they_were_packed() -> None:
    task = Task(1, "/var/log/x", live=True, now=2.5, jails=[1, 0], wants_answer=False)
    packed = pack_task(task, b"line\n")
    head, block = task_size(packed[:LENGTHS_SIZE])
    assert task == unpack_task(packed[LENGTHS_SIZE : LENGTHS_SIZE + head])
    assert b"line\n" == packed[LENGTHS_SIZE + head :]
    assert 5 == block


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
HITS = st.builds(
    Hit,
    jail=st.sampled_from(JAILS),
    subject=TEXT.filter(bool).map(Subject),
    at=st.floats(-1e12, 1e12).map(Instant),
    rule=st.integers(0, 1000),
    lines=st.lists(TEXT, max_size=3).map(tuple),
    fields=st.dictionaries(TEXT, TEXT | st.lists(st.none() | TEXT, max_size=3).map(tuple), max_size=4),
    is_name=st.booleans(),
    line=st.integers(0, 99),
)


@given(st.lists(HITS, max_size=20))
def test_findings_come_back_as_they_were_packed(hits: list[Hit]) -> None:
    heard = told(Findings(hits), 100)
    assert hits == heard.hits
    assert [each.line for each in hits] == [each.line for each in heard.hits]


def test_lines_are_numbered_from_where_the_piece_begins() -> None:
    heard = Findings()
    part = Part(1, True, [WireHit(0, "x", 0.0, 0, (), {}, False, 2)], [])  # noqa: FBT003 - wire order
    read_part(part, heard, JAILS, JAILS, range(10, 13))
    assert [12] == [each.line for each in heard.hits]


def test_many_hits_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_PART_HITS", 3)
    findings = Findings(
        [hit(line) for line in range(7)], [Note(Topic.TROUBLE, Instant(1), "web", text="odd")]
    )
    assert 3 == len(list(pack_findings(7, findings, JAILS)))
    assert findings == told(findings, 7)


def test_parts_that_are_too_long_are_halved_and_a_hit_that_is_too_long_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "LONGEST_PART", 4000)
    monkeypatch.setattr(frames, "_CUT", 100)
    usual = [hit(line, lines=("x" * 1500,)) for line in range(3)]
    long = hit(3, lines=("x" * 500,) * 20, fields={"user": "y" * 5000, "users": ("z" * 500, None)})
    heard = told(Findings([*usual, long]), 4)
    assert usual == heard.hits[:3]
    cut = hit(3, lines=("x" * 100,) * 10, fields={"user": "y" * 100, "users": ("z" * 100, None)})
    assert [cut] == heard.hits[3:]


def test_halves_of_characters_are_replaced() -> None:
    heard = told(Findings([hit(lines=("a\ud800b",))]), 1)
    assert [("a?b",)] == [each.lines for each in heard.hits]


def test_notes_are_few_and_short() -> None:
    notes = [Note(Topic.TROUBLE, Instant(1), "web", text="x" * 5000)] * 500
    assert [1000] * 100 == [len(note.text) for note in told(Findings([], notes), 1).notes]


def test_answers_are_heard_however_they_are_cut() -> None:
    answers: list[Answer] = [Ready(65534, landlock=True, seccomp=False), Refused("no"), Part(1, True, [], [])]  # noqa: FBT003 - wire order
    data = b"".join(pack_answer(answer) for answer in answers)
    for size in (1, 2, 3, 7, len(data)):
        ear = Ear()
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        assert answers == [answer for piece in pieces for answer in ear.hear(piece)]


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_an_error_of_the_peer(data: bytes) -> None:
    try:
        list(Ear().hear(len(data).to_bytes(4, "little") + data))
    except PeerError:
        return


def test_deep_nests_and_long_answers_are_errors_of_the_peer() -> None:
    for data in (b"\xff\xff\xff\x7f", (3000).to_bytes(4, "little") + b"\x91" * 3000):
        with pytest.raises(PeerError):
            list(Ear().hear(data))


GOOD = {
    "jail": 0,
    "subject": "x",
    "at": 0.0,
    "rule": 0,
    "lines": (),
    "fields": {},
    "is_name": False,
    "line": 0,
}
BAD = [
    {"jail": -1},
    {"jail": "sshd"},
    {"subject": ""},
    {"subject": 5},
    {"at": float("nan")},
    {"at": float("inf")},
    {"rule": -1},
    {"rule": 1 << 40},
    {"lines": (1,)},
    {"fields": {"a": 1}},
    {"fields": {"a": {"b": "c"}}},
    {"is_name": 1},
    {"line": -1},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_a_hit_of_wrong_types_or_numbers_is_an_error_of_the_peer(change: dict[str, object]) -> None:
    wrong = WireHit(**{**GOOD, **change})  # type: ignore[arg-type]  # that is the point
    with pytest.raises(PeerError, match="not an answer"):
        list(Ear().hear(pack_answer(Part(1, True, [wrong], []))))  # noqa: FBT003 - wire order


UNASKED = [
    Part(1, True, [WireHit(1, "x", 0.0, 0, (), {}, False, 0)], []),  # noqa: FBT003 - wire order
    Part(1, True, [WireHit(0, "x", 0.0, 0, (), {}, False, 2)], []),  # noqa: FBT003 - wire order
    Part(1, True, [WireHit(0, "x", 0.0, 0, (), {}, False, 0)] * 3, []),  # noqa: FBT003 - wire order
    Part(1, True, [], [WireNote("web", 0.0, "x")]),  # noqa: FBT003 - wire order
    Part(1, True, [], [WireNote("sshd", 0.0, "x")] * 101),  # noqa: FBT003 - wire order
]


@pytest.mark.parametrize("part", UNASKED)
def test_what_was_not_asked_for_is_an_error_of_the_peer(part: Part) -> None:
    with pytest.raises(PeerError):
        read_part(part, Findings(), ["sshd"], JAILS, range(2))
