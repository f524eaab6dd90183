"""How answers look on a terminal: tables, times, and JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from banish.core.model import Instant, Seconds
from banish.core.plain import Json
from banish.core.spans import spell

_ESCAPES: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def json_out(value: Json) -> None:
    """Print one JSON value on a line of its own."""
    print(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode())


def table(head: Sequence[str], rows: Iterable[Sequence[str | int]], *, right: Iterable[int] = ()) -> None:
    """Print aligned columns; `right` holds the columns of numbers."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    numbers = set(right)
    for row in cells:
        padded = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(padded).rstrip())


def moment(at: float | None) -> str:
    """Return a time as the operator's clock shows it, with the date only if it is not today."""
    if at is None:
        return "never"
    local, today = datetime.fromtimestamp(at).astimezone(), datetime.now().astimezone().date()
    return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%Y-%m-%d %H:%M:%S}"


def left(until: float | None, now: float) -> str:
    """Return how long it is until then."""
    return "for good" if until is None else spell(Seconds(max(0.0, until - now)))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 ban`, `2 bans`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clean(text: str) -> str:
    """Return a line of a log without what could take over a terminal."""
    return text.translate(_ESCAPES)


def warn(text: str) -> None:
    """Tell the person something beside the answer."""
    print(text, file=sys.stderr)


def epoch(at: Instant) -> int | float:
    """Return a time as programs like it: without a fraction where there is none."""
    return int(at) if float(at).is_integer() else float(at)
