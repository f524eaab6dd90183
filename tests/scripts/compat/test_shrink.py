"""The smallest case that shows the same."""

from __future__ import annotations

from compat.case import Case
from compat.shrink import smallest

DEFINITION = "[Definition]\nfailregex = a\n    b\nignoreregex = c\n"


def test_what_is_not_needed_goes() -> None:
    lines = [b"one", b"two needle two", b"three", b"four"]
    case = Case("x", b"", definition=DEFINITION).with_lines(lines)
    small = smallest(case, lambda case: b"needle" in case.log and "failregex = a" in case.definition)
    assert [b"needle"] == small.lines
    assert "[Definition]\nfailregex = a\n" == small.definition


def test_it_gives_up_in_time() -> None:
    asked = 0

    def is_still(case: Case) -> bool:
        nonlocal asked
        asked += 1
        return asked < 3 or len(case.log) < 0

    smallest(Case("x", b"y" * 5000 + b"\n" + b"z" * 5000 + b"\n"), is_still)
    assert 400 == asked
