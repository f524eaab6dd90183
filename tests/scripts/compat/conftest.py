"""The fail2ban to compare with: each that `FAIL2BAN` names, or Debian's; tests say why they are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench.errors import UnfitError
from compat.oracle import Oracle, find, folders
from compat.releases import follow

KNOWN = ("1.0.", "1.1.")


@pytest.fixture(scope="session", params=folders())
def oracle(request: pytest.FixtureRequest) -> Oracle:
    try:
        found = find(request.param)
        version = found.version()
    except UnfitError as error:
        pytest.skip(f"there is no fail2ban to compare with: {error}")
    if not version.startswith(KNOWN):
        pytest.skip(f"this fail2ban is {version}; verdicts are compared with {' and '.join(KNOWN)}")
    return found


@pytest.fixture
def _newest() -> Iterator[None]:
    """Leave the process as it was: by the newest release."""
    yield
    follow("99.0")
