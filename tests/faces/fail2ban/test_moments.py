"""Times as clients show them."""

from __future__ import annotations

import time

import pytest

from banish.core.model import NEVER, Instant
from banish.faces.fail2ban.moments import moment, period


def test_a_period_has_a_beginning_a_length_and_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert moment(Instant(1767225600.9)) == "2026-01-01 00:00:00"
    assert period(Instant(1767225600), NEVER, -1) == "2026-01-01 00:00:00 + -1 = 9999-12-31 23:59:59"
