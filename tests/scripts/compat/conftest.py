"""Debian's fail2ban, fetched once for all tests; without it they say why they are skipped."""

from __future__ import annotations

import pytest
from bench.errors import UnfitError
from bench.peer import Peer, fetch

KNOWN = "1.0.2"


@pytest.fixture(scope="session")
def peer() -> Peer:
    try:
        found = fetch()
    except UnfitError as error:
        pytest.skip(f"Debian's fail2ban cannot be fetched: {error}")
    if not found.version().startswith(KNOWN):
        pytest.skip(f"Debian's fail2ban is {found.version()} here; verdicts are compared with {KNOWN}")
    return found
