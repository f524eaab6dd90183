"""One command, for a limited time."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from banish.adapters.scripts.shell import KEPT_BYTES, Result, run


def ran(*words: str, seconds: float = 20) -> Result:
    return asyncio.run(run(words, seconds))


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (["true"], Result(0)),
        (["echo out; echo err >&2; exit 3"], Result(3, "out\nerr\n")),
        (['printf %s "$0"', "it's"], Result(0, "it's")),
        (["kill -9 $$"], Result(-9)),
    ],
)
def test_a_command_ends_somehow(words: list[str], result: Result) -> None:
    assert result == ran(*words)


def test_the_end_is_told_in_words() -> None:
    assert "status 3: out | err" == str(Result(3, "out\nerr\n"))
    assert "status 127 (there is no such command): sh: x: not found" == str(Result(127, "sh: x: not found\n"))
    assert "killed by signal 9" == str(Result(-9))
    assert Result(0).is_good
    assert not Result(1).is_good


def test_a_talkative_command_does_not_hang() -> None:
    result = ran("yes | head -c 1000000; echo the end")
    assert result.is_good
    assert KEPT_BYTES == len(result.output)
    assert result.output.endswith("the end\n")


@pytest.mark.slow
def test_a_command_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path) -> None:
    script = f"trap '' TERM; (trap '' TERM; echo $$ > {tmp_path}/pid; exec sleep 600) & sleep 600"
    result = ran(script, seconds=0.5)
    assert (-signal.SIGKILL, "no end after 0.5 s") == (result.status, result.output)
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
        pytest.fail("it still runs")


@pytest.mark.slow
def test_who_gives_up_waiting_kills_it(tmp_path: Path) -> None:
    async def dialogue() -> None:
        task = asyncio.ensure_future(run([f"echo $$ > {tmp_path}/pid; exec sleep 600"], 600))
        async with asyncio.timeout(20):
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():  # noqa: ASYNC110
                await asyncio.sleep(0.01)  # the command cannot tell us
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(dialogue())
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
