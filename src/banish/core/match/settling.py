"""Whether the dates of a log have settled, and how: what is known of lines without looking at each."""

from __future__ import annotations

from typing import TypeAlias

from banish.core.dates import DateReader
from banish.core.match.floating import Floating
from banish.core.match.steady import Dateless, Steady

State: TypeAlias = "Steady | Floating | Dateless"
"""How the dates of a jail's log have settled."""


def settled(dates: DateReader) -> State:
    """Return the state of a reader of dates."""
    if (template := dates.favourite) is not None:
        return Steady(template)
    templates = [standing.template for standing in dates.standings()]
    if dates.latest is None:
        return Dateless(templates)
    template, place = dates.latest
    return Floating(template, place, [each for each in templates if each is not template])
