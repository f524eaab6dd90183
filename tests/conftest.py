"""Makes scripts/ importable: its generator of filters and logs serves tests of the package, too."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
