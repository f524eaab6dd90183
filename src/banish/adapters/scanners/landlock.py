"""Take away every file, every TCP port and every process outside (Landlock), without any exception.

Source: landlock(7), landlock_create_ruleset(2), landlock_restrict_self(2), linux/landlock.h.
"""

from __future__ import annotations

import os
import struct

from banish.adapters.scanners.kernel import call

_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same numbers on every processor
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_FILES = 13, 14, 15, 15, 16  # how many rights over files there are, by version; later ones have no more
_TCP_SINCE, _TCP = 4, 0b11  # binding, connecting
_SCOPE_SINCE, _SCOPE = 6, 0b11  # abstract unix sockets, signals to processes outside
_RULESET = struct.Struct("=QQQ")  # struct landlock_ruleset_attr; older kernels take zeros they do not know


def shut() -> bool:
    """Shut this thread in, for good; false where the kernel has no such wall."""
    version = call(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    files = (1 << _FILES[min(version, len(_FILES)) - 1]) - 1
    wishes = _RULESET.pack(
        files, _TCP if version >= _TCP_SINCE else 0, _SCOPE if version >= _SCOPE_SINCE else 0
    )
    ruleset = call(_CREATE_RULESET, wishes, _RULESET.size, 0)
    if ruleset < 0:
        return False
    try:
        return call(_RESTRICT_SELF, ruleset, 0, 0) == 0
    finally:
        os.close(ruleset)
