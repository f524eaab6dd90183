"""Run something in a process of its own that then confines itself, and hear how it went."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any


def outcomes(shut: Callable[[], object], tries: Mapping[str, Callable[[], object]]) -> dict[str, Any]:
    """Call `shut` and then each of `tries` in a forked process; an `OSError` is told by its number."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            found = {"shut": _outcome(shut)} | {name: _outcome(each) for name, each in tries.items()}
            os.write(writing, json.dumps(found).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    answer: dict[str, Any] = json.loads(told)
    return answer


def _outcome(call: Callable[[], object]) -> object:
    try:
        result = call()
    except OSError as error:
        return error.errno
    return result if isinstance(result, bool | int | str | list | tuple) else "done"
