"""A few lines go the way of many here."""

from __future__ import annotations

import pytest

from banish.core.match import shapes


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have shapes made of the first line on, compiled or not."""
    monkeypatch.setattr(shapes, "AT_ONCE", 1)
