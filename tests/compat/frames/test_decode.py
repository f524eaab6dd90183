"""Bytes of pickles into values: all that is data, of every protocol, and nothing that could do anything."""

from __future__ import annotations

import pickle
import pickletools
from collections import OrderedDict
from contextlib import suppress
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as some

from banish.compat.frames import RemoteError, decode, decode_reply
from banish.compat.frames.decode import DEEPEST
from banish.core.errors import PeerError

SIMPLE = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text()
VALUES = some.recursive(
    SIMPLE,
    lambda inner: (
        some.lists(inner, max_size=5)
        | some.lists(inner, max_size=5).map(tuple)
        | some.dictionaries(some.text(), inner, max_size=5)
        | some.sets(some.text(), max_size=5)
    ),
    max_leaves=20,
)


@given(VALUES, some.integers(0, 5))
def test_what_pickle_writes_is_read(value: object, protocol: int) -> None:
    payload = pickle.dumps(value, protocol)
    if any(name.name == "GLOBAL" for name, _, _ in pickletools.genops(payload)):
        assert decode_reply(payload) == value  # sets, before protocol 4
    else:
        assert decode(payload) == value


@given(some.binary(max_size=60))
def test_nothing_else_happens_than_an_error(payload: bytes) -> None:
    for read in (decode, decode_reply):
        with suppress(PeerError):
            read(payload)


@given(VALUES, some.data())
def test_a_damaged_message_is_an_error_or_something_else(value: object, data: some.DataObject) -> None:
    payload = bytearray(pickle.dumps(value))
    place = data.draw(some.integers(0, len(payload) - 1))
    payload[place] = data.draw(some.integers(0, 255))
    with suppress(PeerError):
        decode(bytes(payload))


@pytest.mark.parametrize(
    "payload",
    [
        b"](U\x04pingU\x03100e.",  # Go's og-rek: no protocol, texts of Python 2
        b"\x80\x01]q\x00(T\x04\x00\x00\x00pingU\x03100e.",
        b"(lp0\nS'ping'\np1\naS\"100\"\na.",
        b"(Vping\nV100\nl.",
        b"(X\x04\x00\x00\x00pingX\x03\x00\x00\x00100t.",
        b"\x80\x05\x95\x0b\x00\x00\x00\x00\x00\x00\x00](\x8c\x04ping\x8d\x03\x00\x00\x00\x00\x00\x00\x00100e.",
        b"(N21](U\x04pingU\x03100e.",
    ],
)
def test_a_request_is_read_however_it_is_written(payload: bytes) -> None:
    assert list(decode(payload)) == ["ping", "100"]  # type: ignore[arg-type] # a list or a tuple


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return print, ("called",)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "value", [Evil(), print, OrderedDict(a=1), PurePosixPath("/x"), b"bytes", bytearray(b"x"), 1j]
)
def test_what_names_a_class_is_refused(
    value: object, protocol: int, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = pickle.dumps([value], protocol)
    if b"ERROR" in payload:
        pytest.skip("no such value in this protocol")
    with pytest.raises(PeerError, match="operation"):
        decode(payload)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b".",
        b"garbage",
        b"\x80\x02]r\x00-1\x01.",  # a memo of twenty million places
        b"]p99999999\n.",
        b"]" * 100_000 + b"a" * 99_999 + b".",
        b")" + b"\x85" * 200_000 + b".",
        b"}" + b")" + b"\x85" * 200_000 + b"Ns.",
        b"\x8f(" + b")" + b"\x85" * 200_000 + b"\x90.",
        b"](" + b"2" * 3 + b"e.",
        b"]2a.",  # in itself
        b"I" + b"9" * 5000 + b"\n.",
        b"X\xff\xff\xff\xffabc.",
        b"T\xff\xff\xff\xffabc.",
        b"(.",
        b"N0.",
        b"NN.",
        b"Nh\x00.",
        b"S'a\n.",
        b"Sa\n.",
        b"Na.",
        b"N(Ne.",
        b"](NNs.",
        b"}(Nu.",
        b"}]Ns.",
        b"U\x02\xff\xfe.",
    ],
)
def test_what_makes_no_sense_or_too_much_is_refused(payload: bytes) -> None:
    with pytest.raises(PeerError):
        decode(payload)


def test_many_references_to_one_list_do_not_grow_without_limit() -> None:
    laughs = (
        b"]("
        + b"N" * 10
        + b"e\x94"
        + b"".join(
            b"](" + b"h" + bytes([level]) + (b"h" + bytes([level])) * 9 + b"e\x94" for level in range(9)
        )
    )
    with pytest.raises(PeerError):
        decode(b"(" + laughs + b"l.")


def test_what_is_nested_as_deep_as_allowed_is_read() -> None:
    depth = DEEPEST - 1
    assert decode(b"]" * depth + b"a" * (depth - 1) + b".") is not None
    with pytest.raises(PeerError):
        decode(b"]" * (depth + 2) + b"a" * (depth + 1) + b".")


def test_a_reply_names_errors_and_texts() -> None:
    error = pickle.dumps((1, KeyError("nosuch")))
    assert decode_reply(error) == (1, RemoteError("KeyError", ("nosuch",)))
    assert decode_reply(b"\x80\x02K\x00c__builtin__\nstr\n(X\x01\x00\x00\x00xtR\x86.") == (0, "x")
    unknown = b"\x80\x04K\x01\x8c\x13fail2ban.exceptions\x8c\x14UnknownJailException\x93\x8c\x01x\x85R\x86."
    assert decode_reply(unknown) == (1, RemoteError("fail2ban.exceptions.UnknownJailException", ("x",)))


@pytest.mark.parametrize(
    "payload",
    [b"cbuiltins\nstr\n.", b"NNR.", b"cbuiltins\nstr\nNR.", b"(cbuiltins\nstr\nt.", b"cbuiltins\nstr\n0."],
)
def test_a_class_is_no_value(payload: bytes) -> None:
    with pytest.raises(PeerError):
        decode_reply(payload)
