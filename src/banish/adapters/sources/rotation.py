"""Where a log file's earlier content went: the names that log rotation gives, and the files behind them."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterator
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from banish.adapters.sources.position import Position
from banish.adapters.sources.reader import Reader

_MOST_NAMES = 100_000  # of a directory; listing that many takes about 0.1 s
_MOST_TRIES = 64  # files opened in search of a copy
_MOST_LISTINGS = 5  # of a directory in which names change all the time

_NUMERAL = re.compile(r"[._-]?(\d[\d._:T-]*)", re.ASCII)
_MOST_DIGITS = 4  # longer numerals are dates and grow; shorter ones count and are old when high


def located(path: str, position: Position, followed: Container[str]) -> Reader | None:
    """Open the file that was read as `path` up to `position`, under the name it has now.

    First under its own name, then by its inode among the files beside it, then a copy that was made before
    the original was truncated. Files that are `followed` themselves are none of these.
    """
    # the device is not compared: its number may change with a restart of the machine
    renamed = [name for name, inode in _beside(path, followed) if inode == position.inode]
    for name in (path, *renamed):
        if reader := _opened(name, position, position.inode):
            return reader
    return copied(path, position, followed)


def copied(path: str, position: Position, followed: Container[str]) -> Reader | None:
    """Open a copy of what `path` held when it was read up to `position`: its first line and last bytes."""
    if not position.first:
        return None
    stem = Path(path).name.split(".")[0]
    names = (name for name, _ in _beside(path, followed) if _base(name).startswith(stem))
    for name in islice(names, _MOST_TRIES):
        if reader := _opened(name, position):
            return reader
    return None


def between(path: str, old: int, young: int, followed: Container[str]) -> list[str]:
    """List files that were `path` after the file with the inode `old` and before the one with `young`.

    The oldest comes first. Known by their names only (`x.log.2` → `x.log.1`; `x.log-20240101` →
    `x.log-20240108`): times of change would take a file for younger than its successor if a slow writer
    wrote to it once more.
    """
    ages = {inode: (age, name) for name, inode in _beside(path, followed) if (age := _age(path, name))}
    if old not in ages:
        return []
    oldest, youngest = ages[old][0], ages[young][0] if young in ages else None
    younger = sorted((age, name) for age, name in ages.values() if age.follows(oldest))
    return [name for age, name in younger if youngest is None or youngest.follows(age)]


def _opened(path: str, position: Position, inode: int | None = None) -> Reader | None:
    """Open a file at a position, if it has this inode (absent: any) and holds what was read."""
    with suppress(OSError), ExitStack() as undo:
        reader = Reader(path)
        undo.callback(reader.close)
        if inode in {None, reader.key[1]} and reader.goto(position):
            undo.pop_all()
            return reader
    return None


def _beside(path: str, followed: Container[str]) -> list[tuple[str, int]]:
    """Name and inode of regular files in the directories of `path` and of the file it leads to.

    Listed until two lists agree: a file that is renamed while its directory is read may be missing.
    """
    found = sorted(_listed(path, followed))
    for _ in range(_MOST_LISTINGS):
        before, found = found, sorted(_listed(path, followed))
        if found == before:
            break
    return found


def _listed(path: str, followed: Container[str]) -> Iterator[tuple[str, int]]:
    for directory in {Path(path).parent, Path(os.path.realpath(path)).parent}:
        with suppress(OSError), os.scandir(directory) as entries:
            for entry in islice(entries, _MOST_NAMES):
                if entry.path not in followed and entry.is_file(follow_symlinks=False):
                    yield entry.path, entry.inode()


class _Age(NamedTuple):
    """What the name of a rotated file tells: its form, and a rank that is higher the younger the file is."""

    form: tuple[str, str, bool]
    rank: int

    def follows(self, other: _Age) -> bool:
        return self.form == other.form and self.rank > other.rank


def _age(path: str, name: str) -> _Age | None:
    own, found = Path(path), _base(name)
    for before, behind in ((own.name, ""), (own.stem, own.suffix)):
        middle = found[len(before) : len(found) - len(behind)]
        if found == before + middle + behind and (match := _NUMERAL.fullmatch(middle)):
            digits = re.sub(r"\D", "", match[1])[:30]
            counts = len(digits) <= _MOST_DIGITS
            return _Age((before, behind, counts), -int(digits) if counts else int(digits))
    return None


def _base(name: str) -> str:
    return name.rpartition("/")[2]
