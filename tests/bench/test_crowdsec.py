from __future__ import annotations

import pytest
from bench.crowdsec import COLLECTIONS
from bench.figures import Program
from bench.packages import folder_of, is_there

HUB = folder_of(Program.CROWDSEC) / "usr/share/crowdsec/hub"


@pytest.mark.skipif(not is_there(Program.CROWDSEC), reason="Debian's CrowdSec has not been fetched")
@pytest.mark.parametrize("kind", COLLECTIONS)
def test_the_package_brings_all_parts_that_are_enabled(kind: str) -> None:
    _, parts = COLLECTIONS[kind]
    assert [] == [part for part in parts if not (HUB / f"{part}.yaml").is_file()]
