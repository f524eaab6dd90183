"""Read a log from its beginning, in large blocks: for `try` and `replay`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from banish.core.errors import ConfigError
from banish.core.model import Cursor, Lines
from banish.faces.cli.show import warn

BLOCK: Final = 1 << 19  # bytes; of larger ones less stays in the processor's cache
LONGEST: Final = 16 << 20  # bytes of one line; what has none that short is no log


def blocks(name: str) -> Iterator[Lines]:
    """Yield the file `name`, or standard input for `-`; `ConfigError` if it cannot be read.

    A last line without a line end is left out, as the daemon leaves it until it is complete.
    """
    try:
        if name == "-":
            yield from _blocks(sys.stdin.buffer, name)
        else:
            with Path(name).open("rb") as file:
                yield from _blocks(file, name)
    except OSError as error:
        raise ConfigError(
            f"{name}: {error.strerror or error}; name a log file, or - for standard input"
        ) from error


def _blocks(file: BinaryIO, name: str) -> Iterator[Lines]:
    rest, read = b"", 0
    while data := file.read(BLOCK):
        read += len(data)
        end = data.rfind(b"\n") + 1
        if end:
            complete = b"".join((rest, memoryview(data)[:end]))  # a mere addition would copy twice
            rest = data[end:]
            yield Lines(name, complete, Cursor(name, str(read)), live=False)
        elif len(rest := rest + data) > LONGEST:
            raise ConfigError(f"{name}: no line end within {LONGEST >> 20} MiB; is it a text file?")
    if rest:
        warn(f"{name}: the last line has no line end and is not read: it may not be complete")
