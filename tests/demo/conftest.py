"""The demo is a package beside `src`, as `python -m demo` finds it from the root of the repository."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent.parent))
