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
    """A log, and the filter that reads it: one of Debian's by its `call`, or one made of `definition`.

    `datepattern` is given on the command line; `usedns` is raw, warn or no.
    """

    name: str
    log: bytes
    call: str = NAME
    definition: str = ""
    datepattern: str = ""
    usedns: str = "raw"

    @property
    def lines(self) -> list[bytes]:
        """The lines of the log, without their ends."""
        return self.log.split(b"\n")[:-1]

    @property
    def is_joined(self) -> bool:
        """Whether failures may consist of several lines."""
        return not self.definition or bool(re.search(r"maxlines|MLFID", self.definition))

    def with_lines(self, lines: list[bytes]) -> Case:
        """Return the case with another log."""
        return replace(self, log=b"".join(line + b"\n" for line in lines))

    @contextmanager
    def unpacked(self, stock: Path) -> Iterator[tuple[Path, Path]]:
        """Yield the directory of its configuration and its log file; `stock` is Debian's directory."""
        with TemporaryDirectory(prefix="compat-") as folder:
            log = Path(folder) / "log"
            log.write_bytes(self.log)
            if not self.definition:
                yield stock, log
                return
            filters = Path(folder) / "filter.d"
            filters.mkdir()
            (filters / f"{NAME}.conf").write_text(self.definition, "utf-8")
            yield Path(folder), log
