"""Plain values: what JSON can say, and so what every face can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from banish.core.model import NEVER, Instant

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


class Returned(NamedTuple):
    """What a method returned that was called by hand."""

    value: Json


def instant(at: Instant) -> float | None:
    """Return a time for JSON, which knows no infinity: null is never."""
    return None if at == NEVER else at
