"""How the report looks on a terminal: in colours, and without control characters of logs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}
"""All but tabs and line ends; a line of a log must not be able to steer the terminal."""


class Ink:
    """Writes on a terminal if `colours`, else on paper."""

    def __init__(self, *, colours: bool, terminal: bool) -> None:
        self._colours = colours
        self._terminal = terminal

    @classmethod
    def of(cls, out: TextIO = sys.stdout, environment: Mapping[str, str] = os.environ) -> Ink:
        """Look what `out` is; `NO_COLOR` and dumb terminals get no colours (https://no-color.org)."""
        terminal = out.isatty()
        wanted = not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"
        return cls(colours=terminal and wanted, terminal=terminal)

    def head(self, text: str) -> str:
        """Return a heading."""
        return self._in("1", text)

    def good(self, text: str) -> str:
        """Return what matched."""
        return self._in("32", text)

    def odd(self, text: str) -> str:
        """Return what was ignored."""
        return self._in("33", text)

    def bad(self, text: str) -> str:
        """Return what was missed, or went wrong."""
        return self._in("31", text)

    def clean(self, text: str) -> str:
        """Return text of a log."""
        return text.translate(_CONTROLS) if self._terminal else text

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text
