from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.store.packing import (
    BAN_BYTES,
    FAILURE_LINES,
    LINE_CHARS,
    pack_proof,
    pack_subject,
    pack_text,
    unpack_ends,
    unpack_proof,
    unpack_subject,
    unpack_text,
)
from banish.core.model import Evidence, Field, Instant, Place, Subject

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ADDRESS = st.ip_addresses().map(str) | st.ip_addresses().flatmap(
    lambda address: st.integers(0, address.max_prefixlen).map(lambda length: f"{address}/{length}")
)


@given(ANY_TEXT | ADDRESS)
def test_every_subject_comes_back(text: str) -> None:
    assert text == unpack_subject(pack_subject(Subject(text)))


@given(ANY_TEXT)
def test_every_text_comes_back(text: str) -> None:
    assert text == unpack_text(pack_text(text))


@pytest.mark.parametrize(
    ("size", "subject"),
    [
        (5, "192.0.2.7"),
        (6, "192.0.2.0/24"),
        (17, "2001:db8::7"),
        (18, "2001:db8::/64"),
        (12, "192.0.2.007"),
        (13, "192.0.2.0/01"),
        (14, "192.0.2.0/256"),
        (3, "::"[:2]),
    ],
)
def test_addresses_are_compact_and_the_rest_is_text(size: int, subject: str) -> None:
    expected = 17 if subject == "::" else size
    assert expected == len(pack_subject(Subject(subject)))


@pytest.mark.parametrize("packed", [b"", b"x", b"4\x01\x02", b"6\x01", b"t\xff"])
def test_foreign_bytes_are_no_subject(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack_subject(packed)


@given(
    st.lists(
        st.builds(
            Evidence,
            st.floats(allow_nan=False).map(Instant),
            st.integers(0, 1000),
            st.lists(ANY_TEXT, max_size=3).map(tuple),
        )
    ),
    st.dictionaries(ANY_TEXT, ANY_TEXT | st.lists(st.none() | ANY_TEXT).map(tuple)),
)
def test_evidence_and_fields_come_back(evidence: list[Evidence], fields: dict[str, Field]) -> None:
    assert (tuple(evidence), fields) == unpack_proof(pack_proof(evidence, fields, most=1000))


@pytest.mark.parametrize("most", [0, -1])
def test_no_evidence_is_nothing(most: int) -> None:
    assert pack_proof([Evidence(Instant(0), 0, ("line",))], most=most) is None
    assert pack_proof([], most=10) is None


def test_lines_and_their_number_are_cut() -> None:
    lines = tuple(str(n) * LINE_CHARS * 2 for n in range(2)) + ("x",) * FAILURE_LINES
    ((kept,), _) = unpack_proof(pack_proof([Evidence(Instant(0), 0, lines[:1])], most=10))
    assert (lines[0][:LINE_CHARS],) == kept.lines
    ((kept,), _) = unpack_proof(pack_proof([Evidence(Instant(0), 0, lines)], most=10))
    assert kept.lines == ("x",) * FAILURE_LINES


def test_the_oldest_failures_go_where_there_is_no_room() -> None:
    evidence = [Evidence(Instant(n), 0, ("x" * LINE_CHARS,)) for n in range(20)]
    kept, _ = unpack_proof(pack_proof(evidence, most=20))
    assert len(kept) == BAN_BYTES // LINE_CHARS - 1  # beside the lines, there are times
    assert tuple(evidence[-len(kept) :]) == kept


def test_fields_are_cut() -> None:
    long = "x" * (LINE_CHARS + 1)
    _, fields = unpack_proof(pack_proof([], {"user": long, "fid": (None, long)}, most=10))
    assert {"user": long[:-1], "fid": (None, long[:-1])} == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('[[1e9,3,["a","b"]]]', {}),
        ('{"failures":[[1e9,3,["a","b"]]],"fields":{"user":"root"}}', {"user": "root"}),
    ],
)
def test_evidence_that_older_versions_wrote_is_read(text: str, fields: dict[str, Field]) -> None:
    wanted = (Evidence(Instant(1e9), 3, ("a", "b")),), fields
    assert wanted == unpack_proof(zlib.compress(text.encode()))


@pytest.mark.parametrize(
    "packed", [b"", b"junk", b"x\x9c\x8b\x8e\x05\x00\x00\xe8\x00\x9a", b"x\x9c3\x04\x00\x002\x002"]
)
def test_foreign_bytes_are_no_evidence(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack_proof(packed)


def test_ends_are_read_by_the_page() -> None:
    rows = [
        (pack_subject(Subject(who)), jail, Instant(0), Instant(0.5)) for who, jail in [("a", 1), ("b", 2)]
    ]
    wanted = [(Place("ssh", Subject("a")), 0.5), (Place("web", Subject("b")), 0.5)]
    assert wanted == unpack_ends(rows, {1: "ssh", 2: "web"})
