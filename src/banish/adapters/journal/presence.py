"""Whether this machine has a journal that can be read."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PLACES: Final = (Path("/run/log/journal"), Path("/var/log/journal"))


def has_journal(places: Sequence[Path] = PLACES) -> bool:
    """Whether there is journalctl, and something for it to read."""
    return shutil.which("journalctl") is not None and any(place.is_dir() for place in places)
