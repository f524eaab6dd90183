from __future__ import annotations

import pytest

from banish.core.config import JailConfig
from banish.core.model import Instant
from banish.core.sessions import Verdict
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure
from banish.faces.fail2ban.output import printer

LINES = (Line("", "then", " a"), Line("", "", "b"))
FAILURE = Failure(
    0, "anna", Instant(5), Verdict.FAILURE, {"user": "x", "ip": "192.0.2.1", "dns": None}, LINES
)


@pytest.mark.parametrize(
    ("format_", "printed"),
    [
        ("id", ["anna"]),
        ("fid", ["anna"]),
        ("ip", ["192.0.2.1"]),
        ("msg", ["then a", "b"]),
        ("row", ["['anna',\t5,\t{'user': 'x', 'ip': '192.0.2.1', 'dns': None}],"]),
        ("user", ["x"]),
        ("dns", ["None"]),
        ("nosuch", ["None"]),
        ("matches", ["[('', 'then', ' a'), ('', '', 'b')]"]),
        ("<fid> <time>", ["anna 5"]),
    ],
)
def test_a_failure_is_printed_as_wanted(format_: str, printed: list[str]) -> None:
    assert printed == list(printer(format_, JailConfig("j"), Instant(7))(FAILURE))


def test_a_row_tells_that_there_was_no_date_and_a_tag_shows_the_present() -> None:
    failure = Failure(0, ("a", None), None, Verdict.FAILURE, {}, LINES)
    assert ["[('a', None),\tNone,\t{}],"] == list(printer("row", JailConfig("j"), Instant(7))(failure))
    assert ["7"] == list(printer("<time>", JailConfig("j"), Instant(7))(failure))
