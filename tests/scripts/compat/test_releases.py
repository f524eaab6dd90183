"""Older releases are compared with by their own rules, and the newest rules come back."""

from __future__ import annotations

import re

import pytest
from compat.releases import follow

from banish.compat.tags import expand
from banish.core.config import UseDns


@pytest.mark.usefixtures("_newest")
@pytest.mark.parametrize("usedns", [UseDns.NO, UseDns.RAW])
@pytest.mark.parametrize("tag", ["<HOST>", "<ADDR>", "<IP6>", "<SUBNET>"])
def test_two_colons_are_an_address_since_1_1(tag: str, usedns: UseDns) -> None:
    found = []
    for version in ("1.0.2", "1.1.0", "1.0.2-3.el9", "1.2"):
        follow(version)
        found.append(re.search(f"a {expand(tag, usedns)}", "a ::") is not None)
    assert [False, True, False, True] == found
