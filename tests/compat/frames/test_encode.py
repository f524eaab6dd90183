"""Values into bytes that every decoder reads."""

from __future__ import annotations

import pickle
import pickletools

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.compat.frames.test_decode import VALUES

from banish.compat.frames import RemoteError, Value, decode_reply, encode


@given(VALUES)
def test_pickle_reads_it(value: Value) -> None:
    assert pickle.loads(encode(value)) == value
    assert decode_reply(encode(value)) == value


@given(VALUES)
def test_it_is_of_a_protocol_that_old_decoders_know(value: Value) -> None:
    assert all(operation.proto <= 2 for operation, _, _ in pickletools.genops(encode(value)))


@pytest.mark.parametrize("number", [0, 255, 256, 65535, 65536, -1, 2**31 - 1, -(2**31), 2**31, -(2**70)])
def test_numbers_of_every_size(number: int) -> None:
    assert pickle.loads(encode(number)) == number


@given(some.text())
def test_texts_of_every_kind(text: str) -> None:
    assert pickle.loads(encode(text + "\udcff")) == text + "\udcff"


def test_errors_are_those_of_python() -> None:
    error = pickle.loads(encode((1, RemoteError("ValueError", ("no",)))))[1]
    assert isinstance(error, ValueError)
    assert str(error) == "no"
    absent = pickle.loads(encode(RemoteError("FileNotFoundError", (2, "No such file", "/x"))))
    assert isinstance(absent, FileNotFoundError)
