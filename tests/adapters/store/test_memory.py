from __future__ import annotations

from banish.adapters.store.memory import MemoryStore
from banish.core.model import Instant, Save


def test_nothing_survives_in_memory_and_nothing_was_clean() -> None:
    store = MemoryStore(Instant(0))
    store.save(Save(), Instant(0))
    store.close()
    assert not MemoryStore(Instant(0)).was_clean
