"""Values into bytes: protocol 2, without memo, which every decoder of pickles in any language reads.

Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py, which documents every operation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from banish.compat.frames.values import RemoteError, Value

_BYTE, _SHORT, _LONG = 1 << 8, 1 << 16, 1 << 31


def encode(value: Value) -> bytes:
    """Return a value as a payload, without terminator."""
    return b"\x80\x02" + _encoded(value) + b"."


def _encoded(value: Value) -> bytes:
    if isinstance(value, list | tuple | dict | set | RemoteError):
        return _joined(value)
    match value:
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            return _number(value)
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            return _text(value)
        case _:
            assert_never(value)


def _joined(value: list[Value] | tuple[Value, ...] | dict[Value, Value] | set[Value] | RemoteError) -> bytes:
    match value:
        case list():
            return b"]" + _marked(value, b"e")
        case tuple():
            return _marked(value, b"t") if value else b")"
        case dict():
            return b"}" + _marked(_pairs(value), b"u")
        case set():  # protocol 2 has none
            return b"c__builtin__\nset\n(]" + _marked(value, b"e") + b"tR"
        case RemoteError():
            return _class(value.name) + _encoded(value.args) + b"R"
        case _:
            assert_never(value)


def _marked(items: Iterable[Value], end: bytes) -> bytes:
    return b"(" + b"".join(map(_encoded, items)) + end


def _pairs(table: Mapping[Value, Value]) -> Iterable[Value]:
    return (each for pair in table.items() for each in pair)


def _number(value: int) -> bytes:
    if 0 <= value < _BYTE:
        return b"K" + bytes([value])
    if 0 <= value < _SHORT:
        return b"M" + struct.pack("<H", value)
    if -_LONG <= value < _LONG:
        return b"J" + struct.pack("<i", value)
    return b"L" + str(value).encode() + b"L\n"


def _text(value: str) -> bytes:
    raw = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(raw)) + raw


_BUILTIN: Final = "__builtin__"
"""What Python 2 called it, as protocol 2 does; Python 3 translates."""


def _class(name: str) -> bytes:
    module, _, own = name.rpartition(".")
    return f"c{module or _BUILTIN}\n{own}\n".encode()
