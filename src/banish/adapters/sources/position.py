"""How far a file was read, in a notation that finds the same bytes again after a restart or a rotation.

A position names its file three times: by device and inode, by the SHA-1 of its first line, and by a
checksum of the bytes just before the offset. The inode finds a renamed file; the two sums tell whether the
bytes in it are still those that were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = "tuple[int, int]"
"""Device and inode: one file of this machine, whatever its name."""

MOST = 16
"""Positions in one cursor; a path is rarely read from more than two files at a time."""

_LONGEST = MOST * 128  # one position takes at most 5 + 3 * 20 + 40 + 8 characters
_PATTERN = re.compile(r"(\d{1,20})\.(\d{1,20})\.(\d{1,18})\.([0-9a-f]{40}|-)\.([0-9a-f]{8})(\+?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """The byte `offset` of one file.

    `first` is the SHA-1 of the file's first line in hexadecimal, empty while no line was complete; `mark` is
    the CRC-32 of the bytes before the offset. `is_cut` says that the offset lies inside an overlong line
    whose rest is to be skipped.
    """

    device: int
    inode: int
    offset: int
    first: str = ""
    mark: int = 0
    is_cut: bool = False

    @property
    def key(self) -> Key:
        """The file, whatever its name."""
        return self.device, self.inode


def encode(positions: Iterable[Position]) -> str:
    """Write the positions of the files a path is read from, the oldest file first."""
    return " ".join(
        f"{at.device}.{at.inode}.{at.offset}.{at.first or '-'}.{at.mark:08x}{'+' if at.is_cut else ''}"
        for at in positions
    )


def decode(text: str) -> tuple[Position, ...]:
    """Read what `encode` wrote; empty for anything else."""
    if len(text) > _LONGEST:
        return ()
    matches = [_PATTERN.fullmatch(word) for word in text.split(" ")]
    positions = tuple(_position(match) for match in matches if match)
    return positions if len(positions) == len(matches) <= MOST else ()


def _position(match: re.Match[str]) -> Position:
    device, inode, offset, first, mark, cut = match.groups()
    return Position(int(device), int(inode), int(offset), first.strip("-"), int(mark, 16), bool(cut))
