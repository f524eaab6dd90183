"""The store of those who keep nothing over a restart (`dbfile = none`): the same tables, in memory."""

from __future__ import annotations

from typing import Final

from banish.adapters.store.sqlite import SqliteStore
from banish.core.model import Instant, Seconds

EVIDENCE_BYTES: Final = 16_777_216  # memory is dearer than disk


class MemoryStore(SqliteStore):
    """The port `Store` without a file."""

    def __init__(self, now: Instant, *, purge_age: Seconds = Seconds(86_400), max_matches: int = 10) -> None:
        super().__init__(
            None, now, purge_age=purge_age, max_matches=max_matches, evidence_bytes=EVIDENCE_BYTES
        )
