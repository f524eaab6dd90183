"""The next chore."""

from __future__ import annotations

from dataclasses import fields

import pytest

from banish.core.model import NEVER, Instant
from banish.core.schedule import Schedule


def test_there_is_nothing_to_do_at_first() -> None:
    assert NEVER == Schedule().earliest()


@pytest.mark.parametrize(
    "chore", [each.name for each in fields(Schedule) if each.name not in {"wake", "flush"}]
)
def test_every_chore_is_thought_of(chore: str) -> None:
    schedule = Schedule()
    setattr(schedule, chore, Instant(7))
    assert Instant(7) == schedule.earliest()
