"""What a configuration asks of the machine that it is read on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Sight:
    """Whether there is a log file of this path or pattern now, and whether the journal can be read.

    By default nothing is looked at, and nothing depends on the machine.
    """

    has_log: Callable[[str], bool] = _always
    has_journal: bool = False


ALL_LOGS: Final = Sight()
"""Of a machine on which every log is there."""
