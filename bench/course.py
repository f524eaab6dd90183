"""What every experiment is given: where to work, whom to measure, how much, and where to keep the figures."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.daemon import Daemon, banish, fail2ban, sshguard
from bench.errors import TrialError
from bench.figures import Figures, Program
from bench.home import Home
from bench.peer import Peer
from bench.sizes import Sizes


@dataclass(frozen=True, slots=True)
class Course:
    """One run of the bench."""

    root: Path
    programs: frozenset[Program]
    sizes: Sizes
    figures: Figures
    tell: Callable[[str], None]
    real_log: Path | None = None
    """A log of sshd to grow instead of our own."""

    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def peer(self) -> Peer | None:
        """fail2ban, if it is to be measured."""
        return Peer() if Program.FAIL2BAN in self.programs else None

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Make a fresh folder, for as long as it is needed."""
        path = self.root / str(next(self._numbers))
        path.mkdir()
        try:
            yield path
        finally:
            shutil.rmtree(path)

    @contextmanager
    def attempt(self, program: Program, text: str) -> Iterator[None]:
        """Say what is tried; note it if it fails, and go on."""
        self.tell(f"{program}: {text}")
        try:
            yield
        except TrialError as error:
            self.figures.failed.append(f"{text}: {error}")
            self.tell(f"{program}: {error}")

    @contextmanager
    def home(self, extra: str = "") -> Iterator[Home]:
        """Make a fresh home."""
        with self.folder() as path:
            yield Home(path / "home", self.peer, extra)

    def daemons(self, *others: Program) -> Iterator[tuple[Program, Callable[[Home], Daemon]]]:
        """Yield who guards, and how to make him: Banish, fail2ban, and of the others those who are there."""
        yield Program.BANISH, banish
        peer = self.peer
        if peer is not None:
            yield Program.FAIL2BAN, lambda home: fail2ban(home, peer)
        if Program.SSHGUARD in self.programs and Program.SSHGUARD in others:
            yield Program.SSHGUARD, sshguard

    def repeat(self, measure: Callable[[], float]) -> list[float]:
        """Measure as often as the sizes say, but not once more when all has taken long enough."""
        samples: list[float] = []
        for _ in range(self.sizes.runs):
            samples.append(measure())
            if sum(samples) > self.sizes.enough:
                break
        return samples
