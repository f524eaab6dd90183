"""The nouns: keys, and what makes two questions the same."""

from __future__ import annotations

from banish.core.model import NEVER, Ban, Hit, Instant, Place, RunCheck, Subject

ANNA = Subject("192.0.2.1")


def test_hits_and_bans_have_the_same_key() -> None:
    hit, ban = Hit("sshd", ANNA, Instant(0), 0), Ban("sshd", ANNA, Instant(0), NEVER)
    assert Place("sshd", ANNA) == hit.place == ban.place


def test_equal_failures_are_checked_apart_by_their_number() -> None:
    hit, other = Hit("sshd", ANNA, Instant(0), 0), Hit("sshd", ANNA, Instant(1), 0)
    assert RunCheck(1, "true", hit) == RunCheck(1, "true", other)
    assert RunCheck(1, "true", hit) != RunCheck(2, "true", hit)
    assert 1 == len({RunCheck(1, "true", hit), RunCheck(1, "true", other)})
