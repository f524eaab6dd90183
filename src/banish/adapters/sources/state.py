"""How it stands with the files of a source, and how patient the source is with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Notice: TypeAlias = "Callable[[str], None]"
"""Takes one line for the operator's log."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: between two looks at everything, and for writers of a rotated file."""

    poll: float = 1.0
    linger: float = 600.0  # a web server ends its longest downloads before it leaves the old log


@dataclass(frozen=True, slots=True)
class FileState:
    """How it stands with one path; `behind` is in bytes, `error` is empty where all is well.

    A path that `is_watched` is read as soon as something is written, others are looked at once a second.
    """

    path: str
    offset: int
    behind: int
    is_there: bool
    is_watched: bool
    error: str
