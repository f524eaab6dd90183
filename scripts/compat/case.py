"""One case: a filter, its options and a log, as both programs get them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

NAME: Final = "case"
"""What a filter made for a case is called."""

NOW: Final = 1_767_225_900
"""The time it is: New Year 2026, five past one in `ZONE`; the last hour's lines belong to two years."""

YEAR: Final = 2026
ZONE: Final = "CET-01CEST-02,M3.5.0,M10.5.0"


@dataclass(frozen=True, slots=True)
class Case:
    """A log, and the filter that reads it: one of the stock by its `call`, or one made of `definition`.

    `datepattern` and `timezone` are given on the command line; `usedns` is raw, warn, yes or no.
    """

    name: str
    log: bytes
    call: str = NAME
    definition: str = ""
    datepattern: str = ""
    usedns: str = "raw"
    encoding: str = "utf-8"
    timezone: str = ""

    @property
    def lines(self) -> list[bytes]:
        """The lines of the log, without their ends."""
        return self.log.split(b"\n")[:-1]

    @property
    def is_joined(self) -> bool:
        """Whether failures may consist of several lines."""
        return not self.definition or bool(re.search("maxlines|MLFID", self.definition + self.call))

    def with_lines(self, lines: list[bytes]) -> Case:
        """Return the case with another log."""
        return replace(self, log=b"".join(line + b"\n" for line in lines))

    @contextmanager
    def unpacked(self, stock: Path) -> Iterator[tuple[Path, Path]]:
        """Yield the directory of its configuration and its log file; `stock` is the original's."""
        with TemporaryDirectory(prefix="compat-") as folder:
            log = Path(folder) / "log"
            log.write_bytes(self.log)
            filters = Path(folder) / "filter.d"
            if self.definition:
                filters.mkdir()
                (filters / f"{NAME}.conf").write_text(self.definition, "utf-8")
            else:
                # without its jails: fail2ban-regex since 1.1 takes a name for that of a jail if there is one
                filters.symlink_to(stock / "filter.d")
            yield Path(folder), log
