from __future__ import annotations

import asyncio
import os
import select
from pathlib import Path

import pytest

from banish.adapters.ignorecommand import KEPT_BYTES, IgnoreCommands, expand
from banish.adapters.reports import Reports
from banish.core.model import Hit, Instant, Subject


class Commands:
    """Ignore commands, and what was reported of them."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def knows(self, command: str, subject: str = "192.0.2.7", *, limit_seconds: float = 10) -> bool:
        async def scene() -> bool:
            commands = IgnoreCommands(Reports(self.told.append), limit_seconds=limit_seconds)
            return await commands.knows(command, hit(subject))

        return asyncio.run(scene())


def hit(subject: str) -> Hit:
    return Hit("sshd", Subject(subject), Instant(0), 0)


@pytest.fixture
def commands() -> Commands:
    return Commands()


def test_status_0_forgives_and_1_does_not(commands: Commands) -> None:
    assert commands.knows("exit 0")
    assert not commands.knows("exit 1")
    assert commands.told == []


@pytest.mark.parametrize(("command", "status"), [("echo no >&2; exit 7", "7"), ("kill -9 $$", "-9")])
def test_any_other_status_is_reported_and_does_not_forgive(
    commands: Commands, command: str, status: str
) -> None:
    assert not commands.knows(command)
    (report,) = commands.told
    assert f"status {status}; write a command that ends with 0 or 1" in report


def test_the_first_lines_of_a_failing_command_are_reported(commands: Commands) -> None:
    commands.knows("echo out; echo err >&2; exit 7")
    assert "'out\\nerr\\n'" in commands.told[0]


@pytest.mark.parametrize("subject", ["192.0.2.7", "2001:db8::7", "192.0.2.0/24"])
def test_an_address_is_put_in_as_it_is(commands: Commands, subject: str) -> None:
    assert commands.knows(f"test '<ip>' = '{subject}' && test <ip> = <fid>", subject)


@pytest.mark.parametrize(
    "subject",
    ["$(exit 9)", "`exit 9`", "'; exit 9; '", '"; exit 9; "', "a b  *", "-n", "<ip>", "a\nb", "\udcff"],
)
def test_any_other_value_is_never_read_by_the_shell(commands: Commands, subject: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert commands.knows(f"""test "<ip>" = '' && printf %s "<fid>" > {out}""", subject)
    assert os.fsdecode(out.read_bytes()) == subject


def test_what_no_argument_can_hold_is_left_out_or_replaced(commands: Commands) -> None:
    assert commands.knows('test "<fid>" = "a?b"', "a\x00\ud800b")
    assert commands.knows("test ${#banish_fid} -le 4096", "x" * 1_000_000)


def test_other_tags_stay_as_they_are() -> None:
    assert expand("a <F-USER>", hit("x")) == ("banish_fid=$0\na <F-USER>", "x")


@pytest.mark.slow
def test_a_command_that_takes_too_long_is_killed_with_all_it_started(
    commands: Commands, tmp_path: Path
) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    reader = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    assert not commands.knows(f"exec 9>{held}; trap '' TERM; sleep 60 & sleep 60", limit_seconds=0.3)
    assert "no verdict after 0.3 s" in commands.told[0]
    assert select.select([reader], [], [], 10)[0]
    assert os.read(reader, 1) == b""  # the end of the file: nobody is left to hold the other end
    os.close(reader)


@pytest.mark.slow
def test_a_command_that_writes_without_end_is_drained_and_its_output_cut(commands: Commands) -> None:
    assert not commands.knows("head -c 5000000 /dev/zero | tr '\\0' x; exit 7")
    assert len(commands.told[0]) < KEPT_BYTES + 400


def test_what_a_command_leaves_behind_is_not_waited_for(commands: Commands) -> None:
    assert commands.knows("sleep 3 & exit 0", limit_seconds=2)


def test_a_command_that_cannot_be_started_is_reported(commands: Commands) -> None:
    assert not commands.knows("#" * 3_000_000)
    assert "Argument list too long" in commands.told[0]


@pytest.mark.slow
def test_only_a_few_run_at_a_time_and_waiting_counts(commands: Commands) -> None:
    async def scene() -> list[bool]:
        running = IgnoreCommands(Reports(commands.told.append), limit_seconds=0.5)
        return await asyncio.gather(*(running.knows("exec sleep 10", hit("x")) for _ in range(9)))

    assert asyncio.run(scene()) == [False] * 9
    assert len(commands.told) == 1
