"""The width and the colours of what answers are printed on: a terminal, or a file that takes everything."""

from __future__ import annotations

import shutil
import sys

from banish.faces.cli.show import clean
from banish.faces.fail2ban.ink import Ink

_NARROWEST = 40  # columns; below that a line that wraps is better than one that says nothing


class Page:
    """Standard output."""

    def __init__(self) -> None:
        self.ink = Ink.of(sys.stdout)
        self._width = max(_NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None

    def cut(self, text: str, indent: int) -> str:
        """Return text of a log or a filter as it fits on the rest of a line, behind `indent` characters."""
        return cut(clean(text), self.room(indent))

    def room(self, indent: int) -> int:
        """Return how many characters fit behind `indent` of them."""
        return sys.maxsize if self._width is None else self._width - indent

    def wrap(self, text: str, indent: int) -> str:
        """Return text of a log on as many lines as it takes, all but the first `indent` characters in."""
        text = clean(text)
        room = self.room(indent)
        return f"\n{'':{indent}}".join(text[start : start + room] for start in range(0, len(text), room))


def cut(text: str, room: int) -> str:
    """Return a text with an ellipsis instead of what there is no room for."""
    return text if len(text) <= room else text[: max(0, room - 1)] + "…"


def cut_left(text: str, room: int) -> str:
    """Return the end of a text, as `cut` its beginning."""
    return text if len(text) <= room else "…" + text[len(text) - room + 1 :]
