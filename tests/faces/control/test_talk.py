"""Our own language on the control socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.errors import PeerError
from banish.core.plain import Json
from banish.faces.control.talk import LONGEST_REQUEST, JsonTalk, parse_request


class Echo:
    """Stands where the control verbs stand."""

    async def call(self, verb: str, arguments: Mapping[str, Json], origin: str = "") -> Json:
        return [verb, arguments, origin]


def talk(*, may_change: bool = True) -> JsonTalk:
    return JsonTalk(Echo(), may_change=may_change)  # type: ignore[arg-type]  # has the one method that is used


def test_lines_are_requests_however_they_come() -> None:
    speaker = talk()
    assert [[], [b"ab", b"c"], []] == [list(speaker.feed(piece)) for piece in (b"a", b"b\nc\n", b"d")]
    with pytest.raises(PeerError, match="more than"):
        list(speaker.feed(b"x" * (LONGEST_REQUEST + 1)))


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("status", {"answer": ["status", {}, ""]}),
        ("ban", {"refusal": '"ban" changes something, which only root may; use sudo'}),
    ],
)
def test_who_may_only_ask_is_told_so_and_believed_nothing(verb: str, answer: Json) -> None:
    request = json.dumps({"verb": verb, "from": "192.0.2.7"}).encode()
    assert answer == json.loads(asyncio.run(talk(may_change=False).reply(request)))


@pytest.mark.parametrize(
    ("complaint", "request_line"),
    [
        ("no JSON object", b"{"),
        ("no JSON object", b"[" * 100_000),
        ("no JSON object", b"\xff"),
        ('needs a "verb"', b"[]"),
        ('needs a "verb"', b'{"verb": 1}'),
        ('"arguments" must be an object', b'{"verb": "a", "arguments": []}'),
        ('"from" an address', b'{"verb": "a", "from": 1}'),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(complaint: str, request_line: bytes) -> None:
    with pytest.raises(PeerError, match=complaint):
        parse_request(request_line)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(request_line: bytes) -> None:
    try:
        parse_request(request_line)
    except PeerError:
        return
