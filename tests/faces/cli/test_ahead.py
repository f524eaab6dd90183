"""Failures found in a process ahead are the same, in the same order; trouble there is trouble here."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from banish.core.errors import ConfigError, PeerError
from banish.core.model import Hit, Instant, Subject
from banish.faces.cli.ahead import ahead

HITS = [
    Hit(
        "sshd",
        Subject(f"192.0.2.{n}"),
        Instant(1.5 + n),
        n,
        (),
        {"user": "anna", "users": ("anna", "bert")},
        n == 1,
    )
    for n in range(3)
] + [Hit("web", Subject("2001:db8::1"), Instant(7), 0)]


@pytest.fixture(params=["one processor", "two processors"], autouse=True)
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 1 if request.param == "one processor" else 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(count)))


def test_blocks_come_over_whole_and_in_order() -> None:
    blocks = [[HITS[0]], [], [*HITS], [HITS[2]] * 10_000]
    assert blocks == list(ahead(iter(blocks)))


def test_an_error_comes_after_what_was_found_before() -> None:
    def blocks() -> Iterator[list[Hit]]:
        yield HITS
        raise ConfigError("no such log; name another")

    found = ahead(blocks())
    assert HITS == next(found)
    with pytest.raises(ConfigError, match="no such log; name another"):
        next(found)


def test_who_has_seen_enough_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[int] = []
    fork = os.fork

    def noted() -> int:
        children.append(fork())
        return children[-1]

    def endless() -> Iterator[list[Hit]]:
        while True:
            yield HITS

    monkeypatch.setattr(os, "fork", noted)
    found = ahead(endless())
    assert HITS == next(found)
    found.close()  # type: ignore[attr-defined] # it is a generator
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_half_a_log_is_no_answer(request: pytest.FixtureRequest) -> None:
    if "one processor" in request.node.name:
        pytest.skip("there is no other process")

    def killed() -> Iterator[list[Hit]]:
        yield HITS
        os.kill(os.getpid(), signal.SIGKILL)

    found = ahead(killed())
    assert HITS == next(found)
    with pytest.raises(PeerError, match="read it again"):
        next(found)
