"""Allow a process only the system calls that matching takes (seccomp, BPF).

Everything else fails with EPERM, so that a library which tries something optional goes on without it. Memory
cannot be made executable. Source: seccomp(2), linux/filter.h, linux/seccomp.h, linux/audit.h.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Mapping
from typing import Final

from banish.adapters.scanners.kernel import prctl

_SET_SECCOMP, _MODE_FILTER = 22, 2  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000  # SECCOMP_RET_…
_LOAD, _EQUALS, _HAS_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ, |JSET, BPF_RET|K
_NUMBER, _ARCHITECTURE, _THIRD_ARGUMENT = 0, 4, 16 + 2 * 8  # offsets in struct seccomp_data, little endian
_EXECUTABLE = 0x4  # PROT_EXEC
_INSTRUCTION = struct.Struct("=HBBI")


_ARCHITECTURES: Final[Mapping[str, int]] = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What the kernel calls a processor, by the name the processor has here (AUDIT_ARCH_...)."""

_CALLS: Final[Mapping[str, tuple[int, int]]] = {
    "read": (0, 63),
    "write": (1, 64),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettid": (186, 178),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
"""What is allowed, with its number on each of the processors above."""

_MAPPING: Final = frozenset({"mmap", "mprotect"})  # their third argument says what the memory is for


def shut() -> bool:
    """Shut this thread in, for good; false where the kernel or the processor has no such wall."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    program = _program(machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("@HP", len(program) // _INSTRUCTION.size, ctypes.addressof(buffer))
    return prctl(_SET_SECCOMP, _MODE_FILTER, description)


def _program(machine: str) -> bytes:
    """Write the filter: a list of tests, each of which skips its answer where it does not hold."""
    column, step = list(_ARCHITECTURES).index(machine), _INSTRUCTION.pack
    program = [step(_LOAD, 0, 0, _ARCHITECTURE), step(_EQUALS, 1, 0, _ARCHITECTURES[machine])]
    program += [step(_RETURN, 0, 0, _KILL), step(_LOAD, 0, 0, _NUMBER)]
    for name, numbers in _CALLS.items():
        if name in _MAPPING:
            program += [step(_EQUALS, 0, 4, numbers[column]), step(_LOAD, 0, 0, _THIRD_ARGUMENT)]
            program += [step(_HAS_BIT, 0, 1, _EXECUTABLE), step(_RETURN, 0, 0, _REFUSE)]
        else:
            program += [step(_EQUALS, 0, 1, numbers[column])]
        program += [step(_RETURN, 0, 0, _ALLOW)]
    return b"".join([*program, step(_RETURN, 0, 0, _REFUSE)])
