from __future__ import annotations

from banish.core.config import Rule
from banish.core.window import Line
from banish.faces.fail2ban.debuggex import links


def test_every_line_meets_every_expression_without_its_date() -> None:
    rules = [Rule("<A>", "a+"), Rule("b", "b")]
    assert [
        f"< now x| {text} |  https://www.debuggex.com/?re={quoted}&str=%3C+x&flavor=python".replace(
            "x|", "x |"
        )
        for text, quoted in (("<A>", "a%2B"), ("b", "b"))
    ] == list(links([Line("<", " now", " x")], rules))
