"""Bytes into values: the operations of pickles that make data, of protocols 0 to 5, and no others.

What could name a class, call something or reach outside is refused, and so is what would take much more
memory than it has bytes. Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable
from itertools import islice
from typing import Final

from banish.compat.frames.values import RemoteError, Value
from banish.core.errors import PeerError

DEEPEST: Final = 32
MOST_VALUES: Final = 1_000_000
LONGEST_NUMBER: Final = 4300
"""Digits, as many as Python itself reads."""


def decode(payload: bytes) -> Value:
    """Return the value of a request; `PeerError` names the operation and its place if it cannot be had."""
    return _Machine(payload).run()


def decode_reply(payload: bytes) -> Value:
    """Return the value of a reply, in which classes may be named: of texts, and of errors (`RemoteError`)."""
    return _Machine(payload, names_classes=True).run()


class _Mark:
    """Where a sequence begins."""


class _Class:
    """A class that is named and not called yet."""

    def __init__(self, name: str) -> None:
        self.name = name


_MARK: Final = _Mark()


class _Machine:
    """A stack, a memo and a place in the payload."""

    def __init__(self, payload: bytes, *, names_classes: bool = False) -> None:
        self._payload = payload
        self._place = 0
        self._stack: list[Value | _Mark | _Class] = []
        self._memo: dict[int, Value | _Class] = {}
        self._names_classes = names_classes

    def run(self) -> Value:
        """Carry out all operations up to the end."""
        while True:
            start = self._place
            try:
                operation = self._bytes(1)
                if operation == b".":
                    return self._result()
                self._carry_out(operation)
            except (ValueError, IndexError, KeyError, TypeError, OverflowError, AttributeError) as error:
                name = self._payload[start : start + 1]
                raise PeerError(f"the message makes no sense at byte {start}, operation {name!r}") from error

    def _carry_out(self, operation: bytes) -> None:
        if (simple := _CONSTANTS.get(operation)) is not None:
            self._stack.append(simple[0])
        elif (read := _SCALARS.get(operation)) is not None:
            self._stack.append(read(self))
        elif (build := _BUILDERS.get(operation)) is not None:
            build(self)
        elif self._names_classes and operation in _CLASSES:
            _CLASSES[operation](self)
        else:
            raise ValueError(operation)

    def _result(self) -> Value:
        [value] = self._stack
        if isinstance(value, _Mark | _Class):
            raise TypeError(value)
        _check(value)
        return value

    # --------------------------------------------------------------------------------------- bytes

    def _bytes(self, count: int) -> bytes:
        end = self._place + count
        if count < 0 or end > len(self._payload):
            raise ValueError(count)
        piece, self._place = self._payload[self._place : end], end
        return piece

    def unpack(self, code: str) -> int:
        """Read a whole number of fixed size."""
        number: int = struct.unpack(code, self._bytes(struct.calcsize(code)))[0]
        return number

    def float8(self) -> float:
        """Read a number of eight bytes."""
        number: float = struct.unpack(">d", self._bytes(8))[0]
        return number

    def line(self) -> bytes:
        """Read up to the end of a line."""
        end = self._payload.index(b"\n", self._place)
        piece, self._place = self._payload[self._place : end], end + 1
        return piece

    def text(self, code: str) -> str:
        """Read a text with its length in front."""
        return self._bytes(self.unpack(code)).decode("utf-8", "surrogatepass")

    def long(self) -> int:
        """Read a whole number of any length."""
        raw = self._bytes(self.unpack("<B"))
        return int.from_bytes(raw, "little", signed=True)

    def skip(self, count: int) -> None:
        """Pass over what only helps other decoders."""
        self._bytes(count)

    # --------------------------------------------------------------------------------------- stack

    def pop(self) -> Value:
        """Take the topmost value."""
        value = self._stack.pop()
        if isinstance(value, _Mark | _Class):
            raise TypeError(value)
        return value

    def since_mark(self) -> list[Value]:
        """Take all values since the last mark, and the mark."""
        place = len(self._stack) - 1
        while self._stack[place] is not _MARK:  # below the first there is an IndexError
            place -= 1
        values = [value for value in self._stack[place + 1 :] if not isinstance(value, _Mark | _Class)]
        if len(values) != len(self._stack) - place - 1:
            raise TypeError("class")
        del self._stack[place:]
        return values

    def push(self, value: Value) -> None:
        """Put a value on top."""
        self._stack.append(value)

    def mark(self) -> None:
        """Remember where a sequence begins."""
        self._stack.append(_MARK)

    def duplicate(self) -> None:
        """Have the topmost value twice."""
        value = self.pop()
        self._stack += [value, value]

    def tuple_of(self, count: int) -> None:
        """Join the topmost values."""
        values = [self.pop() for _ in range(count)]
        self.push(tuple(reversed(values)))

    def extend(self, values: list[Value]) -> None:
        """Put values into the list or set on top."""
        target = self._stack[-1]
        if isinstance(target, set):
            target.update(map(_simple, values))
        elif isinstance(target, list):
            target.extend(values)
        else:
            raise TypeError(target)

    def fill(self, values: list[Value]) -> None:
        """Put names and values into the table on top."""
        target = self._stack[-1]
        if not isinstance(target, dict):
            raise TypeError(target)
        target |= _table(values)

    def remember(self, index: int) -> None:
        """Keep the topmost value under a number; numbers are not larger than there are operations."""
        value = self._stack[-1]
        if isinstance(value, _Mark) or not 0 <= index <= self._place:
            raise ValueError(index)
        self._memo[index] = value

    def memoize(self) -> None:
        """Keep the topmost value under the next number."""
        self.remember(len(self._memo))

    def recall(self, index: int) -> None:
        """Put a value on top that was kept."""
        self._stack.append(self._memo[index])

    # ------------------------------------------------------------------------------------- classes

    def named(self) -> None:
        """Name a class, in two lines."""
        module, name = self.line().decode("ascii"), self.line().decode("ascii")
        self._stack.append(_Class(f"{module}.{name}"))

    def named_on_stack(self) -> None:
        """Name a class by two texts."""
        name, module = self.pop(), self.pop()
        self._stack.append(_Class(f"{module}.{name}"))

    def call(self) -> None:
        """Make a text, or an error, of a class and its arguments."""
        arguments, made = self.pop(), self._stack.pop()
        if not isinstance(made, _Class) or not isinstance(arguments, tuple):
            raise TypeError(made)
        module, _, name = made.name.rpartition(".")
        is_own = module in {"builtins", "__builtin__"}
        if is_own and name == "str":
            [text] = arguments
            self.push(str(text))
        elif is_own and name == "set":
            [values] = arguments
            self.push(set(map(_simple, values if isinstance(values, list) else ())))
        else:
            self.push(RemoteError(name if is_own else made.name, arguments))


def _table(values: list[Value]) -> dict[Value, Value]:
    names = map(_simple, islice(values, 0, None, 2))
    return dict(zip(names, islice(values, 1, None, 2), strict=True))


def _simple(value: Value) -> Value:
    """Return what tables and sets are made by: nothing nested, whose hash would need all of the stack."""
    if isinstance(value, list | tuple | dict | set | RemoteError):
        raise TypeError(value)
    return value


def _number(line: bytes) -> int | bool:
    if line in {b"00", b"01"}:
        return line == b"01"
    if len(line) > LONGEST_NUMBER:
        raise ValueError(len(line))
    return int(line.removesuffix(b"L"))


def _quoted(line: bytes) -> str:
    line = line.strip()
    if len(line) < len("''") or line[:1] != line[-1:] or line[:1] not in {b"'", b'"'}:
        raise ValueError(line)
    return codecs.escape_decode(line[1:-1])[0].decode("utf-8")


def _check(value: Value) -> None:
    """Raise `ValueError` for what is too deep, or too much once it is written out."""
    level: list[Value] = [value]
    count = 0
    for _ in range(DEEPEST):
        inside: list[Value] = []
        for each in level:
            if isinstance(each, dict):
                inside += [*each.keys(), *each.values()]
            elif isinstance(each, list | tuple | set):
                inside += each
            elif isinstance(each, RemoteError):
                inside += each.args
            if count + len(inside) > MOST_VALUES:
                raise ValueError("too much")
        if not inside:
            return
        count += len(inside)
        level = inside
    raise ValueError("too deep")


_CONSTANTS: Final[dict[bytes, tuple[Value]]] = {b"N": (None,), b"\x88": (True,), b"\x89": (False,)}

_SCALARS: Final[dict[bytes, Callable[[_Machine], Value]]] = {
    b"I": lambda machine: _number(machine.line()),
    b"J": lambda machine: machine.unpack("<i"),
    b"K": lambda machine: machine.unpack("<B"),
    b"M": lambda machine: machine.unpack("<H"),
    b"L": lambda machine: _number(machine.line()),
    b"\x8a": _Machine.long,
    b"F": lambda machine: float(machine.line()),
    b"G": _Machine.float8,
    b"S": lambda machine: _quoted(machine.line()),
    b"T": lambda machine: machine.text("<i"),
    b"U": lambda machine: machine.text("<B"),
    b"V": lambda machine: machine.line().decode("raw-unicode-escape"),
    b"X": lambda machine: machine.text("<I"),
    b"\x8c": lambda machine: machine.text("<B"),
    b"\x8d": lambda machine: machine.text("<Q"),
    b"]": lambda _: [],
    b")": lambda _: (),
    b"}": lambda _: {},
    b"\x8f": lambda _: set(),
}
"""What puts one value on the stack."""

_BUILDERS: Final[dict[bytes, Callable[[_Machine], object]]] = {
    b"\x80": lambda machine: machine.skip(1),
    b"\x95": lambda machine: machine.skip(8),
    b"(": _Machine.mark,
    b"0": _Machine.pop,
    b"1": _Machine.since_mark,
    b"2": _Machine.duplicate,
    b"l": lambda machine: machine.push(machine.since_mark()),
    b"a": lambda machine: machine.extend([machine.pop()]),
    b"e": lambda machine: machine.extend(machine.since_mark()),
    b"t": lambda machine: machine.push(tuple(machine.since_mark())),
    b"\x85": lambda machine: machine.tuple_of(1),
    b"\x86": lambda machine: machine.tuple_of(2),
    b"\x87": lambda machine: machine.tuple_of(3),
    b"d": lambda machine: machine.push(_table(machine.since_mark())),
    b"s": lambda machine: machine.fill([machine.pop(), machine.pop()][::-1]),
    b"u": lambda machine: machine.fill(machine.since_mark()),
    b"\x90": lambda machine: machine.extend(machine.since_mark()),
    b"p": lambda machine: machine.remember(int(machine.line())),
    b"q": lambda machine: machine.remember(machine.unpack("<B")),
    b"r": lambda machine: machine.remember(machine.unpack("<I")),
    b"\x94": _Machine.memoize,
    b"g": lambda machine: machine.recall(int(machine.line())),
    b"h": lambda machine: machine.recall(machine.unpack("<B")),
    b"j": lambda machine: machine.recall(machine.unpack("<I")),
}
"""What changes the stack otherwise."""

_CLASSES: Final[dict[bytes, Callable[[_Machine], None]]] = {
    b"c": _Machine.named,
    b"\x93": _Machine.named_on_stack,
    b"R": _Machine.call,
}
"""What only replies may have in them."""
