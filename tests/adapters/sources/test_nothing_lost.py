"""A log daemon and its rotation without a plan, a reader that is stopped at any time: nothing lost or twice.

What can be guaranteed: all that is in the file or in a rotated file beside it, uncompressed and numbered or
dated as log rotation does. Copy-truncate: what is written between copy and truncate is in neither, and no
reader can have it; here the daemon does not write in that moment.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # the helpers of conftest cannot be imported at run time
    from tests.adapters.sources.conftest import Open


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_every_line_arrives_once_and_in_order(tmp_path: Path, reading: Open, seed: int) -> None:
    world = World(tmp_path / "x.log", random.Random(seed))
    source = reading(world.log)
    read = source.lines(1)
    for _ in range(60):
        world.step()
        if world.random.random() < 0.15:
            source.close()
            source = reading(world.log, cursors=source.cursors)
        for _ in range(world.random.choice((0, 0, 1, 3))):
            read += lines.block.splitlines(keepends=True) if (lines := source.ask()) else []
    world.finish()
    read += source.lines(len(world.written) - len(read))
    assert world.written == read
    assert source.ask() is None


class World:
    """A log daemon and its log rotation, both without a plan."""

    def __init__(self, log: Path, rng: random.Random) -> None:
        self.log = log
        self.random = rng
        self.written: list[bytes] = []
        self._file = log.open("ab", buffering=0)  # the daemon goes on writing to a renamed file
        self._is_own = True  # … until it is told to open its log again
        self._partial = b""
        self._count = 0
        self._is_dated = rng.random() < 0.5
        self._line()

    def finish(self) -> None:
        self._line()
        self._reopen()
        self._line()
        self._file.close()

    def step(self) -> None:
        steps = (self._line, self._lines, self._half, self._reopen, self._rename, self._copy_truncate)
        self.random.choices(steps, (6, 2, 2, 2, 1, 1))[0]()

    def _line(self) -> None:
        self._count += 1
        line = b"line %d\n" % self._count
        self._file.write(line)
        self.written.append(self._partial + line)
        self._partial = b""

    def _lines(self) -> None:
        for _ in range(self.random.randrange(500)):
            self._line()

    def _half(self) -> None:
        self._file.write(b"half ")
        self._partial += b"half "

    def _reopen(self) -> None:
        if not self._partial:
            self._file.close()
            self._file = self.log.open("ab", buffering=0)
            self._is_own = True

    def _rename(self) -> None:
        if self.log.exists():
            self.log.rename(self._aside())
            self._is_own = False
            if self.random.random() < 0.5:
                self.log.touch()

    def _copy_truncate(self) -> None:
        if self._is_own and not self._partial:
            shutil.copy(self.log, self._aside())
            os.truncate(self.log, 0)

    def _aside(self) -> Path:
        self._count += 1
        if self._is_dated:
            return self.log.with_name(f"x.log-{20240000 + self._count}")
        older = sorted(self.log.parent.glob("x.log.*"), key=lambda path: -int(path.suffix[1:]))
        for path in older:
            path.rename(path.with_suffix(f".{int(path.suffix[1:]) + 1}"))
        return self.log.with_name("x.log.1")
