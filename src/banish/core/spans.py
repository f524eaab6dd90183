"""Spans of time in words, as operators read them: `1h 4m`, `59m 50s`, `2w 3d`."""

from __future__ import annotations

from typing import Final

from banish.core.model import FOREVER, Seconds

_UNITS: Final = (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_GRAINS: Final = ((31_536_000, 86_400), (604_800, 3_600), (86_400, 60), (3_595, 10))
"""From this many seconds on, a span is rounded to that many: what is finer says nothing any more."""

_GROUPS: Final = 3


def spell(span: Seconds) -> str:
    """Return a span in at most three groups; `forever` for one without an end."""
    if span == FOREVER:
        return "forever"
    grain = next((grain for least, grain in _GRAINS if abs(span) >= least), 1)
    rest = round(abs(span) / grain) * grain
    groups: list[str] = []
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        if count:
            groups.append(f"{count}{unit}")
    words = " ".join(groups[:_GROUPS]) or "0s"
    return f"-{words}" if span < 0 and groups else words
