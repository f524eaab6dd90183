"""Every error says whose fault it was."""

from __future__ import annotations

import pytest

from banish.core.errors import BanishError, ConfigError, EnforceError, PeerError, RuleError, StoreError


@pytest.mark.parametrize("error", [ConfigError, PeerError, EnforceError, StoreError])
def test_whatever_is_reported_to_a_person_is_one_family(error: type[Exception]) -> None:
    assert issubclass(error, BanishError)


def test_a_broken_rule_is_broken_configuration() -> None:
    assert issubclass(RuleError, ConfigError)
