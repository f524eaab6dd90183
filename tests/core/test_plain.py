from __future__ import annotations

from banish.core.model import NEVER, Instant
from banish.core.plain import instant


def test_never_is_null_because_json_knows_no_infinity() -> None:
    assert instant(NEVER) is None


def test_any_other_time_is_its_seconds() -> None:
    assert instant(Instant(1.5)) == 1.5
