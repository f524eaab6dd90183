"""What the audience sees: chapters, lines with the seconds since the start, quotes, and a table.

Nothing moves once it is printed, and no line is longer than 80 characters.
"""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from typing import Final

from demo.guests import ANNA, GUESTS

WIDTH: Final = 80
_TIME: Final = 5
_NAME: Final = max(len(guest.name) for guest in GUESTS)
_MARGIN: Final = " " * (_TIME + 2)

_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_STRESSED: Final = {"BANNED": f"{_BOLD};{_RED}", "SPARED": f"{_BOLD};{_GREEN}", "FREE": f"{_BOLD};{_YELLOW}"}
"""Words that stand out, where a line begins with them."""


class Screen:
    """The standard output; in colours if it is a terminal, or if FORCE_COLOR asks for them."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        is_asked = bool(os.environ.get("FORCE_COLOR"))
        self._has_colours = is_asked or (sys.stdout.isatty() and "NO_COLOR" not in os.environ)

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self._start

    def title(self, text: str) -> None:
        """Begin."""
        print(self._paint(text, _BOLD))

    def chapter(self, text: str) -> None:
        """Begin a chapter."""
        print(f"\n{self._now()}  {self._paint(text, _BOLD)}")

    def say(self, name: str, text: str) -> None:
        """Tell what somebody does, or what happens to him, at this moment."""
        print(f"{self._now()}  {self._name(name)}  {self._stress(clip(text, WIDTH - _TIME - _NAME - 4))}")

    def remark(self, name: str, text: str) -> None:
        """Tell what holds at any time."""
        print(f"{_MARGIN}{self._name(name)}  {clip(text, WIDTH - _TIME - _NAME - 4)}")

    def quote(self, command: str, lines: Iterable[str]) -> None:
        """Show a command and what it printed."""
        print(f"{_MARGIN}{self._paint('$', _DIM)} {clip(command, WIDTH - _TIME - 4)}")
        for line in lines:
            for part in wrapped(line.expandtabs(4), WIDTH - _TIME - 4):
                print(f"{_MARGIN}{self._paint('│', _DIM)} {part}".rstrip())

    def table(self, rows: Sequence[Sequence[str]], right: Iterable[int]) -> None:
        """Show a table, whose first row is the heads and whose first column is names."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for number, row in enumerate(rows):
            cells = [
                cell.rjust(width) if column in right else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            name, rest = cells[0], "  ".join(cells[1:]).rstrip()
            if number:
                print(f"{_MARGIN}{self._name(name)}  {rest}")
            else:
                print(f"{_MARGIN}{self._paint(f'{name:<{_NAME}}  {rest}', _DIM)}")

    def note(self, text: str) -> None:
        """Add something below a table."""
        print(f"{_MARGIN}{clip(text, WIDTH - _TIME - 2)}")

    def plain(self, text: str = "") -> None:
        """Print as it is."""
        print(text)

    def _now(self) -> str:
        return self._paint(f"{self.seconds:{_TIME}.1f}", _DIM)

    def _name(self, name: str) -> str:
        colour = {"": _DIM, ANNA.name: _GREEN, "banish": _BOLD, "server": _BOLD}.get(name.strip(), _RED)
        return self._paint(f"{name:<{_NAME}}", colour)

    def _stress(self, text: str) -> str:
        word, blank, rest = text.partition(" ")
        return self._paint(word, _STRESSED[word]) + blank + rest if word in _STRESSED else text

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colours else text


def clip(text: str, width: int) -> str:
    """Cut a text that is too long, and show that it was."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def wrapped(text: str, width: int) -> list[str]:
    """Break a text that is too long; its other lines are indented as the first, and a little more."""
    indent = " " * (len(text) - len(text.lstrip()) + 4)
    return textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
