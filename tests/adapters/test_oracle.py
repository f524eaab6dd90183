from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from banish.adapters import oracle as module
from banish.adapters.ignorecommand import IgnoreCommands
from banish.adapters.oracle import WorldOracle, names_of_this_machine, open_oracle
from banish.adapters.reports import Reports
from banish.adapters.resolver import Resolver
from banish.adapters.surroundings.lookout import Lookout
from banish.adapters.workers import Workers
from banish.core.model import (
    Answer,
    Checked,
    Hit,
    Instant,
    LookAround,
    OwnAddresses,
    Question,
    ReadList,
    Resolve,
    Resolved,
    RunCheck,
    Subject,
    Surroundings,
)
from banish.daemon.ports import Oracle

HIT = Hit("sshd", Subject("192.0.2.7"), Instant(0), 0)


class Scripted(Lookout):
    """A lookout that does as it is told."""

    def __init__(self) -> None:
        super().__init__(lambda _: None)
        self.error: OSError | None = None
        self.held: threading.Event | None = None

    def look(self) -> Mapping[Subject, str]:
        if self.held is not None:
            self.held.wait(10)
        if self.error is not None:
            raise self.error
        return {Subject("192.0.2.1"): "default gateway"}


class World:
    """An oracle whose every part is in our hands, and what it reports."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.lookout = Scripted()
        self.names = Workers("names", threads=1, most_waiting=1)
        self.zone = {"a.example": ["192.0.2.9"], "localhost": ["127.0.0.1"]}

    def oracle(self) -> WorldOracle:
        reports = Reports(self.told.append)
        resolver = Resolver(self.names, has_ipv6=True, lookup=lambda name, _: self.zone.get(name, []))
        return WorldOracle(
            reports,
            resolver=resolver,
            lookout=self.lookout,
            commands=IgnoreCommands(reports, limit_seconds=5),
            own_names=lambda: ("localhost", "host.example"),
        )

    def ask(self, *questions: Question) -> list[Answer]:
        async def scene() -> list[Answer]:
            oracle = self.oracle()
            port: Oracle = oracle
            answers = [await port.answer(question) for question in questions]
            oracle.close()
            return answers

        return asyncio.run(scene())


@pytest.fixture
def world() -> World:
    return World()


def test_every_question_has_its_answer(world: World, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("192.0.2.0/24")
    answers = world.ask(
        Resolve("a.example"),
        ReadList(str(tmp_path / "list")),
        LookAround(),
        RunCheck(1, "test <ip> = 192.0.2.7", HIT),
    )
    assert answers == [
        Resolved((Subject("192.0.2.9"),)),
        Resolved((Subject("192.0.2.0/24"),)),
        Surroundings({Subject("192.0.2.1"): "default gateway"}),
        Checked(is_known=True),
    ]


def test_own_addresses_are_those_of_the_interfaces_and_of_the_own_names(world: World) -> None:
    world.zone["host.example"] = ["192.0.2.77"]
    (answer,) = world.ask(OwnAddresses())
    assert isinstance(answer, Resolved)
    assert {"127.0.0.1", "192.0.2.77"} <= {*answer.addresses}
    assert len({*answer.addresses}) == len(answer.addresses)


def test_what_was_seen_last_is_the_answer_when_looking_fails(world: World) -> None:
    async def scene() -> None:
        oracle = world.oracle()
        first = await oracle.answer(LookAround())
        world.lookout.error = OSError("no")
        assert await oracle.answer(LookAround()) == first
        oracle.close()

    asyncio.run(scene())
    assert world.told == ["look: no; going on without"]


@pytest.mark.slow
def test_looking_takes_no_longer_than_its_limit(world: World) -> None:
    async def scene() -> None:
        oracle = world.oracle()
        first = await oracle.answer(LookAround())
        world.lookout.held = threading.Event()
        assert await oracle.answer(LookAround()) == first
        world.lookout.held.set()
        oracle.close()

    asyncio.run(scene())
    assert world.told == [f"look: no answer after {module.LOOK_SECONDS:g} s; going on without"]


def test_a_flood_of_names_is_answered_with_nothing(world: World) -> None:
    async def scene() -> None:
        oracle = world.oracle()
        freed = threading.Event()
        begun = threading.Event()

        def hang() -> bool:
            begun.set()
            return freed.wait(10)

        world.names.submit(hang)
        begun.wait(10)
        world.names.submit(lambda: None)
        assert await oracle.answer(Resolve("a.example")) == Resolved(())
        freed.set()
        oracle.close()

    asyncio.run(scene())
    (report,) = world.told
    assert report == "names: 1 questions are waiting already; 'a.example' is not resolved"


def test_this_machine_is_called_localhost_among_others() -> None:
    assert names_of_this_machine()[0] == "localhost"
    assert socket.gethostname().partition(".")[0] in names_of_this_machine()


def test_the_oracle_of_this_machine_can_be_asked() -> None:
    async def scene() -> None:
        told: list[str] = []
        oracle = open_oracle(told.append, has_ipv6=True)
        answer = await oracle.answer(LookAround())
        assert isinstance(answer, Surroundings)
        assert Subject("127.0.0.1") in answer.reasons
        assert told == []
        oracle.close()

    asyncio.run(scene())
