"""Find failures in a process of its own, so that they are counted while the next are looked for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO, Final, NoReturn, TypeAlias

import msgspec

from banish.core.errors import BanishError, ConfigError, PeerError
from banish.core.model import Hit

_BUFFER: Final = 1 << 20  # bytes
_LENGTH: Final = struct.Struct("=I")

_Row: TypeAlias = (
    "tuple[str, str, float, int, tuple[str, ...], dict[str, str | tuple[str | None, ...]], bool, int]"
)
"""A `Hit`, whose own types are not known any more where it is compiled."""

_hit: Final = partial(tuple.__new__, Hit)


class _Block(msgspec.Struct, array_like=True, gc=False):
    """The failures of a block, or why there are no more."""

    hits: Sequence[_Row]
    trouble: str = ""


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(_Block).decode


def ahead(blocks: Iterator[list[Hit]]) -> Iterator[list[Hit]]:
    """Yield the failures of these blocks; errors of ours are raised here as well.

    On a machine with one processor nothing is gained by another process, and they are yielded as they are.
    """
    if len(os.sched_getaffinity(0)) < 2:
        yield from blocks
        return
    here, there = os.pipe()
    with contextlib.suppress(OSError):  # a small one does as well: the other process waits more often
        fcntl.fcntl(there, fcntl.F_SETPIPE_SZ, _BUFFER)
    sys.stdout.flush()  # else what waits there would be written twice
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that have nothing to do with this
        child = os.fork()
    if not child:
        os.close(here)
        _run(blocks, there)
    os.close(there)
    status = 0
    try:
        with open(here, "rb", buffering=_BUFFER) as pipe:  # noqa: PTH123 - a descriptor has no path
            yield from _heard(pipe)
    finally:
        _, status = os.waitpid(child, 0)
    if status:
        raise PeerError("the process that looked for failures ended before the log did; read it again")


def _heard(pipe: BinaryIO) -> Iterator[list[Hit]]:
    while head := pipe.read(_LENGTH.size):
        block = _decode(pipe.read(*_LENGTH.unpack(head)))
        if block.trouble:
            raise ConfigError(block.trouble)
        yield [_hit(row) for row in block.hits]


def _run(blocks: Iterator[list[Hit]], descriptor: int) -> NoReturn:
    """Write what comes until there is no more, or nobody listens; then end without any farewell."""
    status = 1
    try:
        with open(descriptor, "wb") as pipe:
            _tell(blocks, pipe)
        status = 0
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # the other side knows
    except BaseException:  # noqa: BLE001 - all that is left is to say so
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _tell(blocks: Iterator[list[Hit]], pipe: BinaryIO) -> None:
    try:
        for hits in blocks:
            _write(pipe, hits)
    except BanishError as error:
        _write(pipe, [], str(error))


def _write(pipe: BinaryIO, hits: list[Hit], trouble: str = "") -> None:
    body = _encode((hits, trouble))
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()
