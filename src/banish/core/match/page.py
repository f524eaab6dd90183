"""A block of log lines, in the forms in which jails want it; each form is made once, when it is first wanted."""

from __future__ import annotations

from functools import cached_property
from typing import Final

_SAME_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")


class Page:
    """Lines, without their ends: line feeds, and carriage returns before them."""

    def __init__(self, block: bytes) -> None:
        """`block` is empty or ends with a line feed."""
        self.block = block

    @cached_property
    def raw(self) -> list[bytes]:
        """The lines as they were written."""
        return [line.rstrip(b"\r") for line in self.block[:-1].split(b"\n")] if self.block else []

    @cached_property
    def texts(self) -> list[str]:
        """The lines, character by byte; right where they are ASCII."""
        return _lines(self.block)

    @cached_property
    def shapes(self) -> list[str]:
        """The lines with all digits the same."""
        return _lines(self.block.translate(_SAME_DIGITS))


def _lines(block: bytes) -> list[str]:
    text = block.decode("latin-1")
    lines = text[:-1].split("\n") if text else []
    return [line.rstrip("\r") for line in lines] if "\r" in text else lines
