"""What jails ask of the journal."""

from __future__ import annotations

import pytest

from banish.core.config import JailConfig
from banish.core.errors import ConfigError
from banish.core.model import Instant, Seconds
from banish.daemon.inquiries import name_of, queries, query_of, since_of

ONE = JailConfig("one", backend="systemd", journalmatch=("A=1",), findtime=Seconds(60))
TWO = JailConfig("two", backend="systemd", journalmatch=("A=1",), findtime=Seconds(600))
OTHER = JailConfig("other", backend="systemd[namespace=web]", journalmatch=("B=2 + C=3",))
FILES = JailConfig("files", backend="polling", journalmatch=("A=1",))


def test_jails_that_ask_the_same_share_the_answer() -> None:
    assert {"journal A=1", "journal --namespace=web B=2 + C=3"} == queries([ONE, TWO, OTHER, FILES]).keys()
    assert name_of(ONE) == name_of(TWO)
    assert ("--namespace=web", "B=2", "+", "C=3") == query_of(OTHER).words


def test_the_longest_look_back_counts() -> None:
    assert Instant(400) == since_of([ONE, TWO, OTHER, FILES], Instant(1000), "journal A=1")
    assert Instant(1000) == since_of([FILES], Instant(1000), "journal A=1")


def test_what_cannot_be_asked_is_told() -> None:
    with pytest.raises(ConfigError, match="No closing quotation"):
        query_of(JailConfig("j", backend="systemd", journalmatch=('"A=1',)))
