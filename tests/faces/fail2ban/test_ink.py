from __future__ import annotations

import io

from banish.faces.fail2ban.ink import Ink


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_paper_nothing_changes() -> None:
    ink = Ink.of(io.StringIO(), {"TERM": "xterm"})
    assert ["a\x1b", "b", "c", "d", "e"] == [
        ink.clean("a\x1b"),
        ink.head("b"),
        ink.good("c"),
        ink.odd("d"),
        ink.bad("e"),
    ]


def test_a_terminal_shows_colours_and_is_not_steered_by_logs() -> None:
    ink = Ink.of(Terminal(), {"TERM": "xterm"})
    assert "\x1b[1mb\x1b[0m" == ink.head("b")
    assert 4 == len({ink.head("x"), ink.good("x"), ink.odd("x"), ink.bad("x")})
    assert "\\x1b[2J\t\\x9b\n" == ink.clean("\x1b[2J\t\x9b\n")


def test_a_terminal_that_has_or_wants_no_colours_gets_none() -> None:
    for environment in ({}, {"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}):
        ink = Ink.of(Terminal(), environment)
        assert ("x", "\\x07") == (ink.bad("x"), ink.clean("\a"))
