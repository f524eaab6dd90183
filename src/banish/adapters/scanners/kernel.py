"""System calls that Python has no name for."""

from __future__ import annotations

import ctypes
import struct
from typing import Final, TypeAlias

Argument: TypeAlias = "int | bytes | None"
"""A number, bytes that are handed over by their address, or a null pointer."""

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_CAPABILITIES: Final = struct.Struct("=Ii")  # struct __user_cap_header_struct: version, process
_VERSION_3: Final = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_NO_CAPABILITIES: Final = 24  # bytes of two struct __user_cap_data_struct, all zeros


def call(number: int, *arguments: Argument) -> int:
    """Return what the kernel answers; -1 is a failure."""
    return int(_LIBC.syscall(ctypes.c_long(number), *map(_word, arguments)))


def prctl(option: int, *arguments: Argument) -> bool:
    """Change something about this thread, and say whether that was done; see its page of the manual."""
    padded = (*arguments, 0, 0, 0, 0)[:4]  # some options insist on zeros behind
    return int(_LIBC.prctl(ctypes.c_int(option), *map(_word, padded))) == 0


def drop_capabilities() -> bool:
    """Drop every capability this thread has, and say whether that was done. Source: capset(2)."""
    head = _CAPABILITIES.pack(_VERSION_3, 0)
    return int(_LIBC.capset(head, bytes(_NO_CAPABILITIES))) == 0


def _word(argument: Argument) -> ctypes.c_ulong | bytes | None:
    return ctypes.c_ulong(argument) if isinstance(argument, int) else argument
